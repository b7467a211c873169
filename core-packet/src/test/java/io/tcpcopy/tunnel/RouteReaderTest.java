package io.tcpcopy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RouteReaderTest {
    private static final String VERSION = "0000000000000006000000000000";
    private static final String ADD = "0a4d0102d7b800010a4d02021f90";
    private static final String DELETE = "0a4d0102d7b800020a4d02021f90";

    private final RecordedRoutes routes = new RecordedRoutes();
    private final RouteReader reader = new RouteReader(routes);

    @Test
    void theVersionIsToldOnceItIsWhole() {
        assertThat(reader.read(bytes(VERSION.substring(0, VERSION.length() - 2))))
                .isTrue();
        assertThat(routes.events).isEmpty();
        assertThat(reader.read(bytes("00"))).isTrue();
        assertThat(routes.events).containsExactly("version 6");
    }

    @Test
    void anotherVersionIsToldAndReadingGoesOn() {
        assertThat(reader.read(bytes("0000000000000005000000000000" + ADD))).isTrue();
        assertThat(routes.events).containsExactly("version 5", "add 10.77.1.2:55224 > 10.77.2.2:8080");
    }

    @Test
    void routesComeAndGo() {
        assertThat(reader.read(bytes(VERSION + ADD + DELETE))).isTrue();
        assertThat(routes.events)
                .containsExactly(
                        "version 6", "add 10.77.1.2:55224 > 10.77.2.2:8080", "delete 10.77.1.2:55224 > 10.77.2.2:8080");
    }

    @Test
    void otherTypesAreToldAndReadingGoesOn() {
        assertThat(reader.read(bytes(VERSION + "0a4d0102d7b800090a4d02021f90" + VERSION + ADD)))
                .isTrue();
        assertThat(routes.events)
                .containsExactly("version 6", "unknown 9", "unknown 6", "add 10.77.1.2:55224 > 10.77.2.2:8080");
    }

    @Test
    void aClientThatIsTooOldIsRefusedOnItsFirstEightBytes() {
        assertThat(reader.read(bytes("0a4d0102d7b800"))).isTrue();
        assertThat(reader.read(bytes("01"))).isFalse();
    }

    @Test
    void aFirstMessageWithAPortAloneIsRefused() {
        assertThat(reader.read(bytes("000000000001" + "0006"))).isFalse();
    }

    @Test
    void whatFollowsARefusalIsIgnored() {
        reader.read(bytes(ADD));
        ByteBuffer more = bytes(VERSION + ADD);
        assertThat(reader.read(more)).isFalse();
        assertThat(more.hasRemaining()).isFalse();
        assertThat(routes.events).isEmpty();
    }

    @Property(generation = GenerationMode.EXHAUSTIVE)
    void piecesMayEndAnywhere(
            @ForAll @IntRange(min = 0, max = 42) int first, @ForAll @IntRange(min = 0, max = 42) int second) {
        ByteBuffer stream = bytes(VERSION + ADD + DELETE);
        RecordedRoutes seen = new RecordedRoutes();
        RouteReader fresh = new RouteReader(seen);
        int cut = Math.min(first, second);
        int end = Math.max(first, second);
        assertThat(fresh.read(stream.slice(0, cut))).isTrue();
        assertThat(fresh.read(stream.slice(cut, end - cut))).isTrue();
        assertThat(fresh.read(stream.slice(end, stream.limit() - end))).isTrue();
        assertThat(seen.events)
                .containsExactly(
                        "version 6", "add 10.77.1.2:55224 > 10.77.2.2:8080", "delete 10.77.1.2:55224 > 10.77.2.2:8080");
    }

    @Property
    void anyBytesLeadToMessagesOrARefusal(@ForAll boolean versionFirst, @ForAll @Size(max = 12) List<byte[]> pieces) {
        RecordedRoutes seen = new RecordedRoutes();
        RouteReader fresh = new RouteReader(seen);
        boolean accepted = !versionFirst || fresh.read(bytes(VERSION));
        int length = 0;
        for (byte[] piece : pieces) {
            ByteBuffer buffer = ByteBuffer.wrap(piece);
            length += piece.length;
            boolean read = fresh.read(buffer);
            assertThat(buffer.hasRemaining()).isFalse();
            assertThat(read && !accepted).as("accepted after a refusal").isFalse();
            accepted = read;
        }
        int versions = versionFirst ? 1 : 0;
        assertThat(seen.events).hasSizeLessThanOrEqualTo(versions + length / RouteMessage.LENGTH);
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
