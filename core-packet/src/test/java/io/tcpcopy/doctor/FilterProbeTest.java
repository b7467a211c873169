package io.tcpcopy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.doctor.FilterProbe.Sample;
import io.tcpcopy.flow.Address;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterProbeTest {
    private static final Address STRANGER = Address.parse("198.51.100.7").orElseThrow();
    private static final int PORT = 80;

    private static OptionalInt firstTaken(String filter, Sample sample) {
        FilterProbe probe = FilterProbe.of(filter).orElseThrow();
        List<Address> addresses = probe.addressesBeside(STRANGER);
        return probe.firstTaken(sample, addresses, FilterProbe.allPorts(), addresses, PORT);
    }

    @ParameterizedTest
    @CsvSource({
        "SYN, tcp and dst port 80",
        "SYN, tcp[tcpflags] == tcp-syn",
        "SYN_ACK, tcp[tcpflags] & tcp-ack != 0 and tcp[tcpflags] & tcp-syn != 0",
        "PAYLOAD, tcp and ip[2:2] > 500",
        "DATAGRAM, udp port 80",
        "SYN, inbound and tcp dst port 80",
        "SYN, (tcp dst port 80) and (inbound or dst host 10.0.0.1)",
        "SYN, dst host 10.0.0.1 and src net 10.1.0.0/16",
        "SYN, ''"
    })
    void packetsAreAsTheFilterWantsThem(Sample sample, String filter) {
        assertThat(firstTaken(filter, sample)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "SYN, tcp and dst port 81",
        "SYN, udp",
        "DATAGRAM, tcp",
        "SYN, tcp[tcpflags] & tcp-ack != 0",
        "SYN, outbound",
        "SYN_ACK, tcp[tcpflags] == tcp-syn"
    })
    void andAreNotWhatItDoesNotWant(Sample sample, String filter) {
        assertThat(firstTaken(filter, sample)).isEmpty();
    }

    @Test
    void theFirstSourcePortThatIsTakenIsTold() {
        assertThat(firstTaken("tcp and src portrange 8080-8090", Sample.SYN)).hasValue(8080);
        assertThat(firstTaken("tcp and src port 65535", Sample.SYN)).hasValue(65535);
    }

    @Test
    void clientsHaveManyPortsAndThoseThatTheFilterNames() {
        FilterProbe probe = FilterProbe.of("src port 80 or src port 8080 or src portrange 9000-9009")
                .orElseThrow();

        assertThat(probe.clientPorts(8080))
                .contains(9000, 9009)
                .hasSizeGreaterThan(1000)
                .doesNotContain(80, 8080);
    }

    @Test
    void portsAndAddressesThatTheFilterNamesAreKnown() {
        FilterProbe probe =
                FilterProbe.of("src host 10.0.0.9 and dst port 8080").orElseThrow();

        assertThat(probe.names(8080)).isTrue();
        assertThat(probe.names(8081)).isFalse();
        assertThat(probe.addressesBeside(STRANGER))
                .contains(STRANGER, Address.parse("10.0.0.9").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"vlan 5 and tcp", "ether host 02:00:00:00:00:01", "tcp and greater 100"})
    void whatAsksForMoreThanIpCannotBeTried(String filter) {
        assertThat(FilterProbe.of(filter)).isEmpty();
    }
}
