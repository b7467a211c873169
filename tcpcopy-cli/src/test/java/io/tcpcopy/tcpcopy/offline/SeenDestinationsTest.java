package io.tcpcopy.tcpcopy.offline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.Ipv4Header;
import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SeenDestinationsTest {
    private static final int HEADER_LENGTH = 20;

    private final SeenDestinations seen = new SeenDestinations();

    private void note(int protocol, int address, int port, int times) {
        ByteBuffer packet = ByteBuffer.allocate(HEADER_LENGTH + 4);
        new Ipv4Header()
                .wrap(packet, 0)
                .headerLength(HEADER_LENGTH)
                .protocol(protocol)
                .destination(address);
        packet.putShort(HEADER_LENGTH + 2, (short) port);
        for (int i = 0; i < times; i++) {
            seen.note(Captured.whole(packet));
        }
    }

    @Test
    void theMostFrequentDestinationsAreNamed() {
        note(Ipv4Header.PROTOCOL_TCP, 0x0A000001, 80, 3);
        note(Ipv4Header.PROTOCOL_TCP, 0x0A000001, 40000, 1);
        note(Ipv4Header.PROTOCOL_UDP, 0x0A000002, 53, 5);
        note(1, 0x0A000003, 0, 9);

        assertThat(seen).hasToString("UDP to 10.0.0.2:53 (5), TCP to 10.0.0.1:80 (3), TCP to 10.0.0.1:40000 (1)");
    }

    @Test
    void ofManyOnlyTheFirstFiveAreNamed() {
        for (int port = 1; port <= 20_000; port++) {
            note(Ipv4Header.PROTOCOL_TCP, 0x0A000001, port, port == 7 ? 2 : 1);
        }

        assertThat(seen.toString()).startsWith("TCP to 10.0.0.1:7 (2), ").endsWith(" and 9995 others");
    }

    @Property
    void anyBytesAreSurvived(@ForAll @Size(max = 60) byte[] packet) {
        assertThatCode(() -> seen.note(Captured.whole(ByteBuffer.wrap(packet)))).doesNotThrowAnyException();
    }
}
