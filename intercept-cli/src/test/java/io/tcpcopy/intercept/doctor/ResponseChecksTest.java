package io.tcpcopy.intercept.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.diagnosis.Level;
import io.tcpcopy.doctor.Capabilities;
import io.tcpcopy.doctor.Host;
import io.tcpcopy.doctor.TestHost;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.intercept.Intercept;
import io.tcpcopy.intercept.options.InterceptOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found about the way back. */
class ResponseChecksTest {
    private final TestHost host = new TestHost();

    private static List<CaptureSettings> captures(String filter, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-F", filter));
        arguments.addAll(List.of(options));
        return InterceptOptions.read(arguments.toArray(String[]::new), new PrintWriter(Writer.nullWriter()))
                .orElseThrow()
                .captures();
    }

    private static void assertFound(Finding finding, Level level, String seen) {
        assertThat(finding.level()).as(finding.text()).isEqualTo(level);
        assertThat(finding.seen()).isEqualTo(seen);
    }

    @Nested
    class OfTheFilter {
        private static Finding finding(String filter, String... options) throws Exception {
            return ResponseFilterCheck.findings(captures(filter, options)).get(0);
        }

        @ParameterizedTest
        @CsvSource({
            "tcp and src port 8080, 8080",
            "src port 8080 or src port 81, 81",
            "tcp, 1",
            "tcp and src host 10.2.0.2, 1",
            "tcp and src port 8080 and dst net 10.1.0.0/16, 8080",
            "src host 10.2.0.2 and src portrange 9000-9010 and dst host 10.1.1.1, 9000",
            "inbound and tcp src port 8080, 8080"
        })
        void oneForResponsesIsFine(String filter, int port) throws Exception {
            assertFound(
                    finding(filter),
                    Level.OK,
                    "the filter \"" + filter + "\" takes responses, from port " + port + " for one");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"tcp and dst port 8080", "udp", "tcp and src port 80 and dst port 80", "ip6", "outbound"})
        void oneThatTakesNoneIsAnError(String filter) throws Exception {
            assertFound(
                    finding(filter),
                    Level.ERROR,
                    "the filter \"" + filter + "\" takes no response, from whatever port");
            assertThat(finding(filter).code()).isEqualTo(Code.INTERCEPT_FILTER);
        }

        @Test
        void oneThatTakesAPartOfAConnectionIsAnError() throws Exception {
            assertThat(finding("tcp[tcpflags] & tcp-syn != 0").seen()).endsWith("alone: none with payload");
            assertThat(finding("tcp and ip[2:2] > 60").seen()).endsWith("alone: none of its handshake");
            assertThat(finding("tcp and ip[2:2] > 60").level()).isEqualTo(Level.ERROR);
        }

        @Test
        void oneForFramesIsNotChecked() throws Exception {
            assertThat(finding("vlan and tcp", "-i", "eth0", "--capture", "pcap")
                            .level())
                    .isEqualTo(Level.NOT_CHECKED);
        }
    }

    @Nested
    class OfForwarding {
        private static final String CONF = "/proc/sys/net/ipv4/conf";

        private Finding finding(String... options) throws Exception {
            return new ForwardingCheck(host, captures("tcp", options)).finding();
        }

        private void hasForwarding(int all, int eth0, int eth1) {
            host.withNames(CONF, "all", "default", "eth0", "eth1", "lo")
                    .with("/proc/sys/net/ipv4/ip_forward", all + "\n")
                    .with(CONF + "/all/forwarding", all + "\n")
                    .with(CONF + "/default/forwarding", all + "\n")
                    .with(CONF + "/lo/forwarding", "1\n")
                    .with(CONF + "/eth0/forwarding", eth0 + "\n")
                    .with(CONF + "/eth1/forwarding", eth1 + "\n");
        }

        @Test
        void aHostThatForwardsIsAnError() throws Exception {
            hasForwarding(1, 1, 1);

            assertFound(
                    finding(),
                    Level.ERROR,
                    "this host forwards what comes in on eth0, eth1 (net.ipv4.ip_forward=1): responses reach real clients");
            assertThat(finding().remedy()).isEqualTo("sysctl -w net.ipv4.ip_forward=0");
        }

        @ParameterizedTest
        @ValueSource(strings = {"policy drop;", "policy accept;\n\t\tip saddr 10.0.0.2 drop"})
        void oneWhoseFirewallMayDropThemIsAWarning(String policyAndRules) throws Exception {
            hasForwarding(1, 1, 1);
            host.withOutput(
                    "nft list ruleset",
                    "table ip filter {\n\tchain FORWARD {\n\t\ttype filter hook forward priority filter; "
                            + policyAndRules + "\n\t}\n}\n");

            assertFound(
                    finding(),
                    Level.WARNING,
                    "this host forwards what comes in on eth0, eth1 (net.ipv4.ip_forward=1): responses reach real clients,"
                            + " unless a rule of its firewall drops them");
        }

        @Test
        void aFirewallThatForwardsAllHelpsNothing() throws Exception {
            hasForwarding(1, 1, 1);
            host.withOutput(
                    "nft list ruleset",
                    "table ip filter {\n\tchain INPUT {\n\t\ttype filter hook input priority filter; policy drop;\n\t}\n}\n");

            assertThat(finding().level()).isEqualTo(Level.ERROR);
        }

        @Test
        void theSettingOfTheDeviceCounts() throws Exception {
            hasForwarding(0, 0, 1);

            assertThat(finding().remedy()).isEqualTo("sysctl -w net.ipv4.conf.eth1.forwarding=0");
            assertThat(finding("-i", "eth1").level()).isEqualTo(Level.ERROR);
            assertFound(finding("-i", "eth0"), Level.OK, "nothing that comes in on eth0 is forwarded");
        }

        @Test
        void oneThatDoesNotIsFine() throws Exception {
            hasForwarding(0, 0, 0);

            assertFound(finding(), Level.OK, "nothing that comes in on eth0, eth1 is forwarded");
        }

        @Test
        void oneThatSaysNothingIsNotChecked() throws Exception {
            assertThat(finding().level()).isEqualTo(Level.NOT_CHECKED);
        }
    }

    @Nested
    class OfTheReversePath {
        private List<Finding> findings(int all, int eth0) {
            host.with("/proc/sys/net/ipv4/conf/all/rp_filter", all + "\n")
                    .with("/proc/sys/net/ipv4/conf/eth0/rp_filter", eth0 + "\n")
                    .withDevice("eth0", TestHost.ETHERNET, TestHost.UP);
            return new ReversePathCheck(host).findings();
        }

        @ParameterizedTest
        @CsvSource({"0, 0, OK", "1, 0, WARNING", "0, 1, WARNING", "2, 1, OK", "1, 2, OK"})
        void theLargerOfTwoSettingsCounts(int all, int eth0, Level level) {
            host.withNames(Host.SETTINGS_OF_DEVICES, "all", "default", "eth0", "eth1", "eth2", "lo")
                    .withDevice("eth1", TestHost.ETHERNET, TestHost.UP)
                    .withDevice("eth2", TestHost.ETHERNET, 0)
                    .with("/proc/sys/net/ipv4/conf/eth1/rp_filter", "2\n");

            assertThat(findings(all, eth0)).extracting(Finding::level).containsExactly(level, Level.OK);
        }

        @Test
        void withOneDeviceNoPacketComesInOnAnother() {
            host.withNames(Host.SETTINGS_OF_DEVICES, "all", "default", "eth0", "lo");

            assertThat(findings(1, 1)).extracting(Finding::level).containsExactly(Level.OK);
        }
    }

    @Nested
    class OfTheQueue {
        private static final String RULES =
                "table ip filter {\n\tchain OUTPUT {\n\t\ttype filter hook output priority filter; policy accept;\n\t\t%s\n\t}\n}\n";

        private Level level(boolean netAdmin) {
            return QueueRuleCheck.finding(host, new Capabilities(true, netAdmin))
                    .level();
        }

        @Test
        void aRuleForItIsNeeded() {
            host.withOutput(
                    "nft list ruleset", RULES.formatted("tcp sport 8080 counter packets 0 bytes 0 queue num 0"));
            assertThat(level(true)).isEqualTo(Level.OK);

            host.withOutput("nft list ruleset", RULES.formatted("tcp sport 8080 queue num 1"));
            assertThat(level(true)).isEqualTo(Level.ERROR);
        }

        @Test
        void whatCannotBeReadIsNotChecked() {
            assertThat(level(true)).isEqualTo(Level.NOT_CHECKED);
            host.withOutput("nft list ruleset", "");
            assertThat(level(false)).isEqualTo(Level.NOT_CHECKED);
        }
    }

    @Nested
    class OfThePort {
        private ServerSocket taken;
        private Endpoint end;

        @BeforeEach
        void takeIt() throws IOException {
            taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            end = new Endpoint(Address.LOOPBACK, taken.getLocalPort());
            host.withOutput(
                    "ss -Hltnp sport = :" + end.port(),
                    "LISTEN 0 128 127.0.0.1:" + end.port() + " 0.0.0.0:* users:((\"java\",pid=17,fd=9))\n");
        }

        @AfterEach
        void giveItBack() throws IOException {
            taken.close();
        }

        @Test
        void oneThatAnotherProgramHasIsAWarning() {
            host.with("/proc/17/cmdline", "java\0-jar\0other.jar\0");

            assertFound(
                    new ListenCheck(host).finding(end),
                    Level.WARNING,
                    end + " is in use by process 17 (java): an intercept may be running");
        }

        @Test
        void oneThatAnInterceptHasIsAsItShouldBe() {
            host.with("/proc/17/cmdline", "java\0-cp\0lib/*\0" + Intercept.class.getName() + "\0-d\0");

            assertFound(
                    new ListenCheck(host).finding(end),
                    Level.OK,
                    end + " is in use by process 17 (java), an intercept");
        }

        @Test
        void oneThatIsFreeStaysFree() throws IOException {
            taken.close();

            assertFound(new ListenCheck(host).finding(end), Level.OK, end + " is free to listen on");
            assertFound(new ListenCheck(host).finding(end), Level.OK, end + " is free to listen on");
        }

        @Test
        void anAddressThatIsNoneOfThisHostsIsAnError() {
            Endpoint elsewhere = new Endpoint(Address.parse("198.51.100.7").orElseThrow(), 36524);

            assertThat(new ListenCheck(host).finding(elsewhere).level()).isEqualTo(Level.ERROR);
        }
    }
}
