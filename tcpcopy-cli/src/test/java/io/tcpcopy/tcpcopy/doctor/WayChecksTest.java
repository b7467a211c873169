package io.tcpcopy.tcpcopy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.diagnosis.Level;
import io.tcpcopy.doctor.Capabilities;
import io.tcpcopy.doctor.TestHost;
import io.tcpcopy.doctor.firewall.Firewall;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.frame.FrameSettings;
import io.tcpcopy.inject.open.InjectKind;
import io.tcpcopy.inject.open.InjectSettings;
import io.tcpcopy.inject.route.TargetPath;
import io.tcpcopy.net.netlink.Link;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.tcpcopy.options.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is found about the way to the targets. */
class WayChecksTest {
    private static final Endpoint TARGET = endpoint("10.2.0.2", 8080);
    private static final TargetPath PATH = new TargetPath(
            TARGET.address(),
            true,
            false,
            Optional.of(new Link(7, "back", 1, "", 0x10001, 1500, OptionalLong.empty())),
            "10.2.0.9",
            true,
            1500,
            Optional.empty());

    private static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }

    private static Endpoint endpoint(String address, int port) {
        return new Endpoint(address(address), port);
    }

    private static TargetPath withObstacle(String obstacle) {
        return new TargetPath(
                PATH.target(), true, false, PATH.device(), PATH.nextHop(), true, PATH.mtu(), Optional.of(obstacle));
    }

    private static TargetPath local(Endpoint target) {
        return new TargetPath(
                target.address(),
                true,
                true,
                Optional.empty(),
                target.address().toString(),
                true,
                65535,
                Optional.empty());
    }

    @Nested
    class Out {
        private static final String NFT = "nft list ruleset";
        private static final String NO_RULES = "";

        private String rules = NO_RULES;
        private boolean netAdmin = true;

        private List<Finding> findings(InjectSettings inject, TargetPath... paths) {
            return new WayOutCheck(
                            inject,
                            Protocol.TCP,
                            new Capabilities(true, netAdmin),
                            () -> Firewall.of(new TestHost().withOutput(NFT, rules)))
                    .findings(List.of(TARGET), List.of(paths));
        }

        private List<Finding> routed(InjectKind kind, TargetPath path) {
            return findings(InjectSettings.routed(kind), path);
        }

        private static String chain(String hook, String rule) {
            return "table ip filter {\n\tchain OUTPUT {\n\t\ttype filter hook " + hook
                    + " priority filter; policy accept;\n\t\t" + rule + "\n\t}\n}\n";
        }

        @Test
        void framesPassTheFirewall() {
            rules = chain("output", "drop");

            assertThat(routed(InjectKind.AUTO, PATH))
                    .extracting(Finding::text)
                    .containsExactly(
                            "TC205: copies to 10.2.0.2:8080 leave as frames on back",
                            "TC201: no rule for frames that leave on back holds back copies to 10.2.0.2:8080 or changes"
                                    + " them");
        }

        @Test
        void aRuleForWhatLeavesOnTheDeviceHoldsFramesBack() {
            rules = chain("egress device \"back\"", "drop").replace("table ip", "table netdev");

            assertThat(routed(InjectKind.AUTO, PATH).get(1).text())
                    .isEqualTo("TC201: a firewall rule drops copies to 10.2.0.2:8080: \"drop\" (netdev filter OUTPUT):"
                            + " nft insert rule netdev filter OUTPUT ip daddr 10.2.0.2 tcp dport 8080 accept");
        }

        @ParameterizedTest
        @CsvSource({
            "drop, ERROR, a firewall rule drops copies",
            "ip saddr 10.1.0.0/16 drop, WARNING, a firewall rule may drop copies",
            "reject, ERROR, a firewall rule rejects copies",
            "masquerade, ERROR, a firewall rule changes the source address of copies",
            "queue num 5, ERROR, a firewall rule hands to a program copies"
        })
        void packetsOfTheRawSocketMeetRules(String rule, Level level, String seen) {
            rules = chain("output", rule);

            Finding finding = routed(InjectKind.RAW, PATH).get(1);
            assertThat(finding.level()).isEqualTo(level);
            assertThat(finding.code()).isEqualTo(Code.FIREWALL_OUT);
            assertThat(finding.seen()).startsWith(seen);
            assertThat(finding.remedy())
                    .startsWith("nft insert rule ip filter OUTPUT ip daddr 10.2.0.2 tcp dport 8080 accept");
        }

        @Test
        void anObstacleLeavesTheRawSocketUnlessFramesAreAskedFor() {
            TargetPath path = withObstacle("its route has several next hops");

            assertThat(routed(InjectKind.AUTO, path).get(0).text())
                    .isEqualTo(
                            "TC205: copies to 10.2.0.2:8080 leave as IP packets through the raw socket: its route has"
                                    + " several next hops");
            assertThat(routed(InjectKind.FRAME, path)).singleElement().satisfies(finding -> {
                assertThat(finding.level()).isEqualTo(Level.ERROR);
                assertThat(finding.seen())
                        .isEqualTo("--inject frame cannot be for 10.2.0.2:8080: its route has several next hops");
            });
        }

        @Test
        void withoutCapNetAdminRulesAreNotChecked() {
            netAdmin = false;

            assertThat(routed(InjectKind.RAW, PATH))
                    .extracting(Finding::level)
                    .containsExactly(Level.OK, Level.NOT_CHECKED);
            assertThat(routed(InjectKind.AUTO, PATH))
                    .extracting(Finding::level)
                    .containsExactly(Level.OK, Level.NOT_CHECKED);
        }

        @Test
        void framesToGivenAddressesNeedNoRoute() {
            assertThat(findings(InjectSettings.addressed(new FrameSettings("eth1", List.of()))))
                    .first()
                    .extracting(Finding::seen)
                    .isEqualTo("copies to 10.2.0.2:8080 leave as frames on eth1, to the addresses of -x");
        }

        @Test
        void rulesThatCannotAllBeReadAreNotChecked() {
            WayOutCheck check = new WayOutCheck(
                    InjectSettings.routed(InjectKind.RAW),
                    Protocol.TCP,
                    new Capabilities(true, true),
                    () -> Firewall.of(
                            new TestHost().withOutput("iptables-save", "*filter\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n")));

            assertThat(check.findings(List.of(TARGET), List.of(PATH)).get(1).level())
                    .isEqualTo(Level.NOT_CHECKED);
        }
    }

    @Nested
    class Paths {
        private static List<Finding> findings(TargetPath path, int mtu) {
            return TargetPathCheck.findings(List.of(path), mtu);
        }

        @Test
        void aWholePathIsFine() {
            assertThat(findings(PATH, 1500))
                    .extracting(Finding::text)
                    .containsExactly(
                            "TC301: 10.2.0.2 is reached by back via 10.2.0.9",
                            "TC302: the next hop to 10.2.0.2, 10.2.0.9 on back, answers",
                            "TC306: back takes packets of 1500 bytes to 10.2.0.2, and -M allows 1500");
        }

        @Test
        void withoutARouteNothingElseIsAsked() {
            TargetPath path = new TargetPath(
                    PATH.target(), false, false, Optional.empty(), "10.2.0.2", true, 65535, Optional.empty());

            assertThat(findings(path, 1500)).singleElement().satisfies(finding -> {
                assertThat(finding.level()).isEqualTo(Level.ERROR);
                assertThat(finding.code()).isEqualTo(Code.NO_ROUTE_TO_TARGET);
            });
        }

        @Test
        void aNextHopThatIsSilentIsAnError() {
            TargetPath path = new TargetPath(
                    PATH.target(), true, false, PATH.device(), "10.2.0.2", false, 1500, Optional.empty());

            assertThat(findings(path, 1500)).extracting(Finding::level).contains(Level.ERROR);
            assertThat(findings(path, 1500).get(1).seen())
                    .isEqualTo(
                            "the next hop to 10.2.0.2, 10.2.0.2 on back, does not answer on the link: nothing is injected"
                                    + " until it does");
        }

        @Test
        void aPathThatTakesLessThanIsAllowedIsAWarning() {
            assertThat(findings(PATH, 1501).get(2).level()).isEqualTo(Level.WARNING);
            assertThat(findings(PATH, 1501).get(2).remedy()).isEqualTo("-M 1500, if that is meant");
        }
    }

    @Nested
    class ToItself {
        private static final Endpoint ONLINE = endpoint("0.0.0.0", 80);

        private static Finding finding(Endpoint online, Endpoint target, Endpoint intercept) {
            return new CopyToItselfCheck(List.of(new Transfer(online, target)), List.of(intercept))
                    .findings(List.of(local(endpoint("10.0.0.1", 0)), local(endpoint("127.0.0.1", 0)), PATH))
                    .get(0);
        }

        @ParameterizedTest
        @CsvSource({
            "10.2.0.2, 80, 10.2.0.3, COPIES_TO_ITSELF, OK",
            "10.0.0.1, 80, 10.2.0.3, COPIES_TO_ITSELF, ERROR",
            "10.0.0.1, 81, 10.2.0.3, COPIES_TO_ITSELF, WARNING",
            "10.0.0.1, 81, 10.0.0.1, COPIES_TO_ITSELF, OK",
            "127.0.0.1, 81, 127.0.0.1, NOT_LOCAL, WARNING"
        })
        void aTargetOnThisHostIsNamed(String target, int port, String intercept, Code code, Level level) {
            Finding finding = finding(ONLINE, endpoint(target, port), endpoint(intercept, 36524));

            assertThat(finding.code()).isEqualTo(code);
            assertThat(finding.level()).isEqualTo(level);
        }
    }

    @Nested
    class ClientAddresses {
        private static final Address OWN = address("10.0.0.1");
        private static final Endpoint ASSISTANT = endpoint("10.2.0.3", 36524);

        private static List<Finding> findings(Endpoint intercept, String... addresses) {
            Settings session = Settings.of(List.of(new Transfer(endpoint("0.0.0.0", 80), TARGET)))
                    .clientAddresses(List.of(addresses).stream()
                            .map(WayChecksTest::address)
                            .toList())
                    .ownAddresses(Set.copyOf(List.of(OWN, TARGET.address(), intercept.address())))
                    .build();
            return new ClientAddressCheck(session, List.of(intercept)).findings();
        }

        @ParameterizedTest
        @CsvSource({
            "10.0.0.1, an address of this host",
            "10.2.0.2, an address of a target",
            "10.2.0.3, an address of an intercept's host"
        })
        void onesThatAHostHasAreAnError(String address, String whose) {
            assertThat(findings(ASSISTANT, "10.1.0.7", address)).singleElement().satisfies(finding -> {
                assertThat(finding.level()).isEqualTo(Level.ERROR);
                assertThat(finding.seen()).contains("-c has " + address + ", " + whose);
            });
        }

        @Test
        void othersAreFineAndWithoutAnyThereIsNothingToSay() {
            assertThat(findings(ASSISTANT, "10.1.0.7"))
                    .extracting(Finding::level)
                    .containsExactly(Level.OK);
            assertThat(findings(ASSISTANT)).isEmpty();
        }

        @Test
        void whereResponsesStopAtTheTargetThisHostsAddressIsFine() {
            assertThat(findings(endpoint("10.2.0.2", 36524), "10.0.0.1"))
                    .extracting(Finding::level)
                    .containsExactly(Level.OK);
        }
    }

    @Nested
    class Tracking {
        private static Finding finding(String count, String most) {
            return ConntrackCheck.finding(new TestHost()
                    .with("/proc/sys/net/netfilter/nf_conntrack_count", count)
                    .with("/proc/sys/net/netfilter/nf_conntrack_max", most));
        }

        @Test
        void aTableThatIsFourFifthsFullIsAWarning() {
            assertThat(finding("79\n", "100\n").level()).isEqualTo(Level.OK);
            assertThat(finding("80\n", "100\n").level()).isEqualTo(Level.WARNING);
        }

        @Test
        void withoutATableNothingIsTracked() {
            assertThat(ConntrackCheck.finding(new TestHost()).level()).isEqualTo(Level.OK);
        }
    }
}
