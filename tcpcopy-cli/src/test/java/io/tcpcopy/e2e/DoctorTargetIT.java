package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.doctor.Findings;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code scripts/doctor-target} names what is wrong on the target host. Where nothing listens there, it says so as well. */
class DoctorTargetIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PORT = "8080";
    private static final String CLIENTS = "10.1.0.0/16";
    private static final String BASICS = "--clients " + CLIENTS + " --port " + PORT;
    private static final String WITH_ASSISTANT = BASICS + " --assistant 10.2.0.3 --online 10.2.0.1";
    private static final String NOT_LISTENING = "error TC303: nothing listens on port 8080";

    @RegisterExtension
    private final Lab lab = new Lab();

    private HostProcess ended;

    /** Runs it with these arguments, behind a line of shell; the lines that it prints. */
    private List<String> examine(String before, String arguments) {
        String command =
                before + (before.isEmpty() ? "" : "; ") + "exec " + Lab.script("doctor-target") + " " + arguments;
        ended = lab.start("doctor-target", Host.TARGET, "sh", "-c", command);
        ended.waitFor(PATIENCE);
        return ended.output().lines().toList();
    }

    private int status() {
        return ended.waitFor(PATIENCE);
    }

    private void startService(String address) {
        WebServer.start(lab, Host.TARGET, address, Integer.parseInt(PORT)).awaitListening();
    }

    /** Asserts that it says this, and besides only that nothing listens. */
    private void assertNamed(String start, List<String> lines) {
        assertThat(lines)
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).startsWith(NOT_LISTENING))
                .anySatisfy(line -> assertThat(line).startsWith(start));
        assertThat(status()).isEqualTo(Findings.ERRORS);
    }

    @Test
    void aSetUpThatWorksIsFoundSoInEachFormat() throws IOException {
        startService(lab.address("TARGET"));

        assertThat(examine("", "--short " + WITH_ASSISTANT)).isEmpty();
        assertThat(status()).isEqualTo(Findings.OK);
        assertThat(examine("", WITH_ASSISTANT))
                .contains(
                        "production",
                        "the target",
                        "  ok           TC303  port 8080 is listened on, at 10.2.0.2",
                        "the way back",
                        "  ok           TC404  responses to 10.1.0.0/16 leave by back to the assistant 10.2.0.3",
                        "  ok           TC404  the assistant 10.2.0.3 answers on back")
                .endsWith("9 ok, 0 warnings, 0 errors, 0 not checked");
        assertThat(findings(WITH_ASSISTANT))
                .hasSize(9)
                .allSatisfy(finding -> assertThat(finding).containsEntry("level", "ok"));

        assertThat(examine("ip link set back mtu 1400", "--short " + WITH_ASSISTANT))
                .singleElement()
                .asString()
                .startsWith("warning TC306: ");
        assertThat(status()).isEqualTo(Findings.WARNINGS);
    }

    @Tag("long")
    @Test
    void aSetUpWithInterceptOnTheTargetIsFoundSo() {
        startService("0.0.0.0");

        assertThat(examine("iptables -I OUTPUT -p tcp --sport 8080 -j NFQUEUE", "--short " + BASICS))
                .isEmpty();
        assertThat(status()).isEqualTo(Findings.OK);
    }

    @Tag("long")
    @Test
    void aServiceThatListensOnLoopbackAloneIsNamed() {
        startService("127.0.0.1");

        assertThat(examine("", "--short " + WITH_ASSISTANT))
                .containsExactly(
                        "error TC303: port 8080 is listened on at 127.0.0.1 alone, where no other host gets to:"
                                + " have the service listen on 0.0.0.0:8080");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ip route del 10.1.0.0/16 | error TC404: there is no route to clients in 10.1.0.0/16",
                "iptables -A INPUT -p tcp --dport 8080 -j DROP | error TC307: packets from 10.1.0.0/16 to port 8080 are dropped",
                "iptables -A OUTPUT -d 10.1.0.0/16 -j REJECT | error TC307: responses of port 8080 to 10.1.0.0/16 are dropped",
                "ip link set back mtu 1400 | warning TC306: back takes packets of 1400 bytes: copies of 1500 may not arrive: tcpcopy -M 1400",
            })
    void oneThingThatIsWrongIsNamedWithItsCode(String fault, String named) {
        assertNamed(named, examine(fault, "--short " + WITH_ASSISTANT));
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ip route replace 10.1.0.0/16 via 10.2.0.1 | error TC404: responses to 10.1.0.0/16 leave by back to 10.2.0.1,",
                "ip rule add from 10.2.0.2 lookup 77; ip route add default via 10.2.0.1 table 77"
                        + " | error TC404: responses to 10.1.0.0/16 leave by back to 10.2.0.1, not to the assistant 10.2.0.3: ip route replace"
                        + " 10.1.0.0/16 via 10.2.0.3 table 77 (a rule",
                "ip route add 10.1.7.0/24 via 10.2.0.1 | warning TC404: responses to a part of 10.1.0.0/16 take another way: 10.1.7.0/24",
                "iptables -P INPUT DROP | error TC307: packets from 10.1.0.0/16 to port 8080 are dropped by iptables -t filter INPUT: policy drop",
                "iptables -A INPUT -s 10.1.7.0/24 -j DROP | warning TC307: packets from 10.1.0.0/16 to port 8080 may be dropped",
                "iptables -N few; iptables -A INPUT -j few; iptables -A few -p tcp --dport 8080 -m limit --limit 3/s -j RETURN;"
                        + " iptables -A few -j DROP | warning TC307: packets from 10.1.0.0/16 to port 8080 may be dropped",
                "sysctl -qw net.ipv4.tcp_rfc1337=1 | warning TC308:",
                "sysctl -qw net.core.somaxconn=16 | warning TC304: listen queues hold no more than 16 connections",
            })
    void anythingElseThatIsWrongIsNamedAsWell(String fault, String named) {
        oneThingThatIsWrongIsNamedWithItsCode(fault, named);
    }

    @Tag("long")
    @Test
    void aRedirectedPortIsNamedAndWhatStandsBehindItIsNotGuessed() {
        String redirected = "iptables -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to 172.17.0.2:80";

        assertThat(examine(redirected + "; iptables -P INPUT DROP", "--short " + WITH_ASSISTANT))
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).startsWith("not checked TC303: port 8080 is redirected"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("warning TC307: packets from 10.1.0.0/16 to port 8080 are redirected"));
        assertThat(status()).isEqualTo(Findings.WARNINGS);
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tcp dport 22 accept; reject with icmpx admin-prohibited | error TC307: packets from",
                "tcp dport 22 accept; jump services; drop |",
                "ct state vmap { established : accept, related : accept, invalid : drop }; tcp dport @open accept; drop |",
                "tcp dport { 22, 8080 } ct state established accept; drop | error TC307: packets from",
                "ip saddr @bad drop | warning TC307: packets from 10.1.0.0/16 to port 8080 may be dropped by nft inet test arrivals:"
                        + " ip saddr @bad drop: nft insert rule inet test arrivals",
            })
    void rulesOfNftablesAreFollowed(String rules, String named) throws IOException {
        Path file = lab.file("rules");
        Files.writeString(file, """
                table inet test {
                    set open { type inet_service; elements = { 80, 443, 8080 }; }
                    set bad { type ipv4_addr; flags interval; elements = { 10.1.7.0/24, 192.0.2.1 }; }
                    chain services { iifname "back" tcp dport 8000-8100 log prefix "drop " accept; }
                    chain arrivals { type filter hook input priority 0; policy accept; %s; }
                }
                """.formatted(rules));
        List<String> lines = examine("nft -f " + file, "--short " + WITH_ASSISTANT);

        if (named == null) {
            assertThat(lines).singleElement().asString().startsWith(NOT_LISTENING);
        } else {
            assertNamed(named, lines);
        }
    }

    @Test
    void aStrictReversePathFilterIsNamedWhereTheWayBackIsAnotherDevice() {
        lab.run(
                Host.TARGET,
                "ip",
                "link",
                "add",
                "second",
                "type",
                "veth",
                "peer",
                "second",
                "netns",
                lab.namespace(Host.ASSISTANT));
        lab.run(Host.ASSISTANT, "sh", "-c", "ip address add 10.3.0.3/24 dev second && ip link set second up");
        lab.run(
                Host.TARGET,
                "sh",
                "-c",
                "ip address add 10.3.0.2/24 dev second && ip link set second up"
                        + " && ip route replace 10.1.0.0/16 via 10.3.0.3 && sysctl -qw net.ipv4.conf.back.rp_filter=1");

        assertNamed(
                "error TC403: packets from 10.1.0.0/16 that come in on back are dropped: the filter is strict, and the way back"
                        + " another: sysctl -w net.ipv4.conf.back.rp_filter=0",
                examine("", "--short " + BASICS + " --assistant 10.3.0.3 --online 10.2.0.1"));
    }

    @Tag("long")
    @Test
    void anAssistantThatDoesNotAnswerIsNamed() {
        lab.run(Host.ASSISTANT, "ip", "link", "set", "back", "down");

        assertNamed(
                "error TC404: the assistant 10.2.0.3 does not answer on back",
                examine("ip neigh flush dev back", "--short " + WITH_ASSISTANT));
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"9000, warning TC202: 9000 of 10000", "10000, error TC202: 10000 of 10000", "10, "})
    void aTrackingTableThatIsNearlyFullIsNamed(String used, String named) throws IOException {
        Files.writeString(lab.file("used"), used);
        Files.writeString(lab.file("most"), "10000");
        String folder = "/proc/sys/net/netfilter/nf_conntrack_";
        List<String> lines = examine(
                "mount --bind " + lab.file("used") + " " + folder + "count && mount --bind " + lab.file("most") + " "
                        + folder + "max",
                "--short " + WITH_ASSISTANT);

        if (named == null) {
            assertThat(lines).singleElement().asString().startsWith(NOT_LISTENING);
        } else {
            assertNamed(named, lines);
        }
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                BASICS + " | error TC406: no rule hands all responses of port 8080 to 10.1.0.0/16 over to queue 0",
                "--clients 10.2.0.2 --port 8080 --assistant 10.2.0.3 --online 10.2.0.1 | error TC203: clients in 10.2.0.2",
                BASICS
                        + " --assistant 10.2.0.3 --online 10.2.0.2 | error TC204: --online 10.2.0.2 is an address of this host",
            })
    void hostsThatDoNotGoTogetherAreNamed(String arguments, String named) {
        assertThat(examine("", "--short " + arguments))
                .anySatisfy(line -> assertThat(line).startsWith(named));
    }

    @Tag("long")
    @Test
    void whatCannotBeReadIsNotCalledOk() {
        lab.run(Host.TARGET, "iptables", "-A", "INPUT", "-p", "tcp", "--dport", PORT, "-j", "DROP");
        ended = lab.start(
                "doctor-target",
                Host.TARGET,
                "setpriv",
                "--bounding-set",
                "-net_admin",
                "sh",
                "-c",
                Lab.script("doctor-target") + " --short " + WITH_ASSISTANT);
        ended.waitFor(PATIENCE);

        assertThat(ended.output().lines())
                .anySatisfy(
                        line -> assertThat(line).startsWith("not checked TC307: rules that drop or change packets"));
    }

    @Test
    void theJsonIsValidWhateverARuleHoldsAndHasTheTitlesOfTheCodes() throws IOException {
        String rule = "iptables -A INPUT -p tcp --dport 8080 -m comment --comment 'a \\ \"b\" \u00fc' -j DROP";
        examine(rule, "--json " + BASICS);
        List<Map<String, String>> findings = parsed();

        assertThat(findings).anySatisfy(finding -> {
            assertThat(finding).containsEntry("code", "TC307").containsEntry("level", "error");
            assertThat(finding.get("seen")).contains("--comment");
            assertThat(finding.get("remedy"))
                    .startsWith("iptables -t filter -I INPUT -s 10.1.0.0/16 -p tcp --dport 8080 -j");
        });
        assertThat(findings.stream().map(finding -> finding.get("code") + " " + finding.get("title")))
                .isSubsetOf(Arrays.stream(Code.values())
                        .map(code -> code.text() + " " + code.title())
                        .toList());
        assertThat(status()).isEqualTo(Findings.ERRORS);
    }

    private List<Map<String, String>> findings(String arguments) throws IOException {
        examine("", "--json " + arguments);
        return parsed();
    }

    /** The findings of the JSON that was printed, whose status is that of the process. */
    private List<Map<String, String>> parsed() throws IOException {
        List<Map<String, String>> findings = new ArrayList<>();
        try (JsonParser json = new JsonFactory().createParser(ended.output())) {
            assertThat(json.nextToken()).isEqualTo(JsonToken.START_OBJECT);
            assertThat(json.nextFieldName()).isEqualTo("status");
            assertThat(json.nextIntValue(-1)).isEqualTo(status());
            assertThat(json.nextFieldName()).isEqualTo("findings");
            assertThat(json.nextToken()).isEqualTo(JsonToken.START_ARRAY);
            while (json.nextToken() == JsonToken.START_OBJECT) {
                Map<String, String> finding = new HashMap<>();
                for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                    finding.put(name, json.nextTextValue());
                }
                assertThat(finding).containsOnlyKeys("code", "level", "title", "seen", "remedy");
                findings.add(finding);
            }
            assertThat(json.nextToken()).isEqualTo(JsonToken.END_OBJECT);
            assertThat(json.nextToken()).isNull();
        }
        return findings;
    }

    @Test
    void aWrongCommandLineIsOneLineAndStatus2() {
        List<String> wrong = List.of(
                "--clients 10.1.2.3/16 --port 80",
                "--clients 10.1.0.0/33 --port 80",
                "--clients 10.1.0.0/16, --port 80",
                "--clients 10.1.0.0/16 --port 0",
                "--clients 10.1.0.0/16 --port http",
                "--clients 10.1.0.0/16",
                "--port 80",
                "--clients",
                BASICS + " --assistant assistant",
                BASICS + " --online 10.2.0",
                BASICS + " --json --short",
                BASICS + " --nonsense",
                BASICS + " stray");

        assertThat(wrong).allSatisfy(arguments -> {
            List<String> lines = examine("", arguments);
            assertThat(lines).singleElement().asString().startsWith("doctor-target: ");
            assertThat(status()).isEqualTo(Findings.ERRORS);
        });
    }
}
