package io.tcpcopy.intercept.routing;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever tcpcopys send and whatever is captured, in whatever order. */
class ResponseRouterFuzzTest {
    @MethodSource("scripts")
    @FuzzTest
    void tablesKeepTheirLimitsAndRoutesTheirOwners(byte[] script) {
        new HostileTunnel(script).run();
    }

    @Property
    void tablesKeepTheirLimitsAndRoutesTheirOwnersUnderAnything(@ForAll @Size(max = 300) byte[] script) {
        new HostileTunnel(script).run();
    }

    static Stream<byte[]> scripts() {
        byte[] routedResponses = {0, 1, 3, 1, 0x12, 0, 0, 0, 3, 1, 0x10, 50, 0, 0, 3, 1, 0x11, 0, 0, 0, 14, 7};
        byte[] delayedSyn = {3, 2, 0x12, 0, 0x28, 0, 8, 2, 9, 2, 14, 7};
        byte[] moreRoutesThanThereIsRoomFor = {0, 1, 0, 2, 0, 3, 8, 4, 8, 5, 8, 6, 16, 7, 16, 8, 7, 15, 23};
        byte[] notCutYet = {0, 1, 3, 1, 0x10, (byte) 0xFF, 0, (byte) 0xFF};
        return Stream.of(routedResponses, delayedSyn, moreRoutesThanThereIsRoomFor, notCutYet);
    }
}
