package io.tcpcopy.session;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever clients and intercepts send, in whatever order. */
class ReplayFuzzTest {
    private static final byte[] HANDSHAKE = {
        0, 0, 0, 0, 0, // client 0: SYN
        3, 5, 0, 0, 0, 0x7F, // the target answers the first packet injected: SYN and ACK
        13, // a millisecond
        0, 1, 0, 0, 0, // client 0: ACK
    };
    private static final byte[] REQUEST = {
        0, 2, 0, 0, 100, // client 0: payload
        19, 2, 0, 0, 50, 0x7F, // the target answers the third packet injected, with payload
        29, // 100 milliseconds
        0, 3, 0, 1, 0, // client 0: FIN, having seen the response
        45, // 5 seconds
    };
    private static final byte[] MID_STREAM = {
        0x48,
        2,
        5,
        0,
        0x7F, // client 1: payload with options
        3,
        5,
        0,
        0,
        0,
        0x7F, // SYN and ACK
        0x48,
        2,
        5,
        3,
        (byte) 0x9F, // the next request, in several segments
        11,
        1,
        0,
        0,
        0,
        0x7F, // acknowledged
        53, // 20 seconds
        7,
        15,
        37, // intercepts go and come back, a second apart
    };

    @MethodSource("traffic")
    @FuzzTest
    void anyTrafficIsSurvivedInOrder(byte[] script) {
        new HostileTraffic(script).run();
    }

    static Stream<byte[]> traffic() {
        byte[] settings = {0};
        byte[] littleMemoryManyCopies = {0x7F};
        return Stream.of(
                join(settings, HANDSHAKE, REQUEST),
                join(settings, MID_STREAM),
                join(littleMemoryManyCopies, HANDSHAKE, REQUEST, MID_STREAM),
                join(settings, HANDSHAKE, HANDSHAKE, REQUEST, REQUEST));
    }

    @Property(tries = 300)
    void anyTrafficAfterAHandshakeIsSurvivedInOrder(
            @ForAll byte settings, @ForAll @Size(max = 400) byte[] whatFollows) {
        new HostileTraffic(join(new byte[] {settings}, HANDSHAKE, whatFollows)).run();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }
}
