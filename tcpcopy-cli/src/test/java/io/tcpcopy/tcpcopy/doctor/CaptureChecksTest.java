package io.tcpcopy.tcpcopy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.diagnosis.Level;
import io.tcpcopy.doctor.Capabilities;
import io.tcpcopy.doctor.TestHost;
import io.tcpcopy.flow.Address;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.tcpcopy.options.Protocol;
import io.tcpcopy.tcpcopy.options.TcpcopyOptions;
import io.tcpcopy.tcpcopy.options.TcpcopySettings;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found about the input of a copy. */
class CaptureChecksTest {
    private static final Address OWN = Address.parse("10.0.0.1").orElseThrow();

    private static TcpcopySettings settings(String... options) throws BadInputException, StartException {
        List<String> arguments = new ArrayList<>(List.of("-s", "10.2.0.3"));
        arguments.addAll(List.of(options));
        return TcpcopyOptions.read(arguments.toArray(String[]::new), new PrintWriter(Writer.nullWriter()))
                .orElseThrow();
    }

    private static void assertFound(List<Finding> findings, Level level, String seen) {
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.level()).as(finding.text()).isEqualTo(level);
            assertThat(finding.seen()).contains(seen);
        });
    }

    @Nested
    class OfTheFilter {
        private static List<Finding> findings(String... options) throws BadInputException, StartException {
            TcpcopySettings settings = settings(options);
            return new RequestFilterCheck(settings.protocol(), Set.of(OWN))
                    .findings(settings.captures(), settings.copy().session().transfers());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "-x 80-10.2.0.2:8080",
                    "-x 10.0.0.1:80-10.2.0.2:80",
                    "-x 80-10.2.0.2:80 --part 2/3",
                    "-x 80-10.2.0.2:80,81-10.2.0.2:81 --capture pcap",
                    "-x 80-10.2.0.2:80 -i eth0,eth1",
                    "-x 80-10.2.0.2:80 --capture raw",
                    "-x 80-10.2.0.2:80 --udp"
                })
        void thatWhichFollowsFromTransfersTakesThem(String options) throws Exception {
            assertThat(findings(options.split(" ")))
                    .isNotEmpty()
                    .allSatisfy(finding ->
                            assertThat(finding.level()).as(finding.text()).isEqualTo(Level.OK));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "tcp",
                    "dst port 80",
                    "tcp and dst host 10.0.0.1 and dst port 80",
                    "tcp and dst host 192.0.2.77",
                    "src net 10.9.0.0/16 and dst port 80",
                    "inbound and tcp"
                })
        void oneThatIsGivenMayNameAddressesOfBothSides(String filter) throws Exception {
            assertFound(findings("-x", "80-10.2.0.2:8080", "-F", filter), Level.OK, "takes connections to port 80");
        }

        @ParameterizedTest
        @ValueSource(strings = {"tcp and dst port 81", "src port 80", "udp", "outbound"})
        void oneThatTakesNothingIsAnError(String filter) throws Exception {
            assertFound(
                    findings("-x", "80-10.2.0.2:8080", "-F", filter),
                    Level.ERROR,
                    "the filter \"" + filter + "\" takes nothing to port 80");
        }

        @Test
        void oneForAnotherAddressThanThatOfTheTransferIsAnError() throws Exception {
            assertFound(
                    findings("-x", "10.0.0.1:80-10.2.0.2:8080", "-F", "dst host 10.0.0.2"),
                    Level.ERROR,
                    "takes nothing to 10.0.0.1:80");
        }

        @Test
        void oneThatTakesRequestsAloneIsAWarning() throws Exception {
            assertFound(
                    findings("-x", "80-10.2.0.2:8080", "-F", "tcp and dst port 80 and ip[2:2] > 60"),
                    Level.WARNING,
                    "takes requests, but no SYN to port 80");
        }

        @Test
        void oneForFramesIsNotChecked() throws Exception {
            assertThat(findings(
                            "-x",
                            "80-10.2.0.2:8080",
                            "-F",
                            "vlan and tcp dst port 80",
                            "-i",
                            "eth0",
                            "--capture",
                            "pcap"))
                    .extracting(Finding::level)
                    .containsExactly(Level.NOT_CHECKED);
        }

        @Test
        void eachOnlinePortIsTried() throws Exception {
            assertThat(findings("-x", "80-10.2.0.2:8080,81-10.2.0.2:8081", "-F", "tcp and dst port 80"))
                    .extracting(Finding::level)
                    .containsExactly(Level.OK, Level.ERROR);
        }
    }

    @Nested
    class OfTheOnlinePort {
        private static final String TCP = "/proc/net/tcp";
        private static final String HEADER = "  sl  local_address rem_address   st tx_queue rx_queue\n";

        private final TestHost host = new TestHost();

        private void assertLevel(Level level, String transfer) throws Exception {
            assertLevel(level, Protocol.TCP, transfer);
        }

        private void assertLevel(Level level, Protocol protocol, String transfer) throws Exception {
            List<Transfer> transfers = settings("-x", transfer).copy().session().transfers();
            assertThat(new OnlinePortCheck(host, protocol, Set.of(OWN)).findings(transfers))
                    .extracting(Finding::level)
                    .containsExactly(level);
        }

        @ParameterizedTest
        @CsvSource({
            "00000000:0050, 0A, OK",
            "0100000A:0050, 0A, OK",
            "0200000A:0050, 0A, WARNING",
            "00000000:0051, 0A, WARNING",
            "00000000:0050, 01, WARNING",
            "00000000:0050, 07, WARNING"
        })
        void aSocketListensOnAPortOfAnAddress(String local, String state, Level level) throws Exception {
            host.with(TCP, HEADER + "   0: " + local + " 00000000:0000 " + state + " 00000000:00000000\n");

            assertLevel(level, "10.0.0.1:80-10.2.0.2:80");
        }

        @ParameterizedTest
        @CsvSource({
            "00000000000000000000000000000000:0050, OK",
            "0000000000000000FFFF00000100000A:0050, OK",
            "0000000000000000FFFF00000200000A:0050, WARNING",
            "B80D0120000000000000000001000000:0050, WARNING"
        })
        void oneOfIpv6MayTakeIpv4AsWell(String local, Level level) throws Exception {
            host.with(
                    "/proc/net/tcp6",
                    HEADER + "   0: " + local + " 00000000000000000000000000000000:0000 0A 00000000:00000000\n");

            assertLevel(level, "10.0.0.1:80-10.2.0.2:80");
        }

        @Test
        void withoutAnOnlineAddressAnyOfTheHostsWillDo() throws Exception {
            host.with(TCP, HEADER + "   0: 0100007F:0050 00000000:0000 0A 00000000:00000000\n");

            assertLevel(Level.OK, "80-10.2.0.2:80");
            assertLevel(Level.WARNING, "81-10.2.0.2:80");
        }

        @Test
        void anotherHostsAddressNeedsNoListener() throws Exception {
            assertLevel(Level.OK, "192.0.2.1:80-10.2.0.2:80");
        }

        @Test
        void datagramsHaveATableOfTheirOwn() throws Exception {
            host.with("/proc/net/udp", HEADER + "  99: 00000000:0035 00000000:0000 07 00000000:00000000\n");

            assertLevel(Level.OK, Protocol.UDP, "53-10.2.0.2:53");
            assertLevel(Level.WARNING, Protocol.TCP, "53-10.2.0.2:53");
        }
    }

    @Nested
    class OfBuffers {
        private final TestHost host = new TestHost()
                .with("/proc/sys/net/core/wmem_max", "4194304\n")
                .with("/proc/sys/net/core/rmem_max", "212992\n");

        private List<Finding> findings(boolean netAdmin) throws Exception {
            return new BufferCheck(host, new Capabilities(true, netAdmin))
                    .findings(settings("-x", "80-10.2.0.2:80").captures());
        }

        @Test
        void theLimitsCountWithoutCapNetAdminAlone() throws Exception {
            assertThat(findings(true)).extracting(Finding::level).containsExactly(Level.OK);
            assertThat(findings(false)).extracting(Finding::level).containsExactly(Level.OK, Level.WARNING);
        }

        @Test
        void theRemedyIsACommand() throws Exception {
            assertThat(findings(false).get(1).text())
                    .isEqualTo("TC110: net.core.rmem_max grants a socket that captures 208 KB, which bursts overflow:"
                            + " sysctl -w net.core.rmem_max=16777216, or give the program CAP_NET_ADMIN");
        }
    }
}
