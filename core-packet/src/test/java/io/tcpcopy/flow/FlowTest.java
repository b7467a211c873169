package io.tcpcopy.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FlowTest {
    private static final Address CLIENT = Address.ipv4(0x0A010001);
    private static final Address SERVER = Address.ipv4(0x0A020064);

    private final Flow flow = new Flow().client(CLIENT.bits(), 40000).server(SERVER.bits(), 80);

    @Property
    void bothEndsStandSideBySide(
            @ForAll int clientAddress,
            @ForAll @IntRange(max = 65535) int clientPort,
            @ForAll int serverAddress,
            @ForAll @IntRange(max = 65535) int serverPort) {
        Flow any = new Flow().client(-1, 65535).server(-1, 65535);
        any.client(clientAddress, clientPort).server(serverAddress, serverPort);

        assertThat(any.clientAddress()).isEqualTo(clientAddress);
        assertThat(any.clientPort()).isEqualTo(clientPort);
        assertThat(any.serverAddress()).isEqualTo(serverAddress);
        assertThat(any.serverPort()).isEqualTo(serverPort);
        assertThat(any).isEqualTo(new Flow().copyFrom(any)).hasSameHashCodeAs(new Flow().copyFrom(any));
    }

    @Test
    void flowsDifferInEachAddressAndEachPort() {
        assertThat(flow)
                .isNotEqualTo(copy().clientAddress(SERVER))
                .isNotEqualTo(copy().clientPort(40001))
                .isNotEqualTo(copy().serverAddress(CLIENT))
                .isNotEqualTo(copy().server(new Endpoint(SERVER, 81)))
                .isNotEqualTo(null);
    }

    @Test
    void theServerIsNotTheClient() {
        assertThat(flow.isFrom(CLIENT)).isTrue();
        assertThat(flow.isFrom(SERVER)).isFalse();
        assertThat(flow.isTo(SERVER)).isTrue();
        assertThat(flow.isTo(CLIENT)).isFalse();
        assertThat(flow.isTo(new Endpoint(SERVER, 80))).isTrue();
        assertThat(flow.isTo(new Endpoint(SERVER, 81))).isFalse();
        assertThat(flow.isTo(new Endpoint(CLIENT, 80))).isFalse();
    }

    @Test
    void hashesOfNeighboursSpread() {
        Set<Integer> lowBits = new HashSet<>();
        Set<Integer> highBits = new HashSet<>();
        int flows = 4096;
        for (int port = 0; port < flows; port++) {
            int hash = copy().clientPort(port).hashCode();
            lowBits.add(hash & flows - 1);
            highBits.add(hash >>> Integer.SIZE - 12);
        }
        // Of as many places as there are flows, 63 % are hit where chance decides.
        for (Set<Integer> hit : List.of(lowBits, highBits)) {
            assertThat(hit).hasSizeGreaterThan(flows / 2);
        }
    }

    @Test
    void itIsWrittenFromClientToServer() {
        assertThat(flow).hasToString("10.1.0.1:40000 > 10.2.0.100:80");
    }

    private Flow copy() {
        return new Flow().copyFrom(flow);
    }
}
