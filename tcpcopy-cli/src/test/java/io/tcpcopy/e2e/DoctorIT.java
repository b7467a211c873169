package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.PacketWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The doctors name what is wrong with a set-up, and find nothing where nothing is. */
class DoctorIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String FILTER = "tcp and src port " + CopiedService.PORT;

    private static final int OK = 0;
    private static final int WARNINGS = 1;
    private static final int ERRORS = 2;

    @RegisterExtension
    private final Lab lab = new Lab();

    private CopiedService service;
    /** What the last doctor printed. */
    private String output;

    @BeforeEach
    void startService() {
        service = new CopiedService(lab);
    }

    private int run(Host host, List<String> command) {
        try (HostProcess doctor = lab.start("doctor", host, command.toArray(String[]::new))) {
            int status = doctor.waitFor(PATIENCE);
            output = doctor.output();
            return status;
        }
    }

    private List<String> tcpcopy(String... more) {
        List<String> command = new ArrayList<>(List.of(
                Lab.script("tcpcopy"),
                "-x",
                CopiedService.PORT + "-" + lab.address("TARGET") + ":" + CopiedService.PORT,
                "-s",
                lab.address("ASSISTANT"),
                "--doctor=short"));
        command.addAll(List.of(more));
        return command;
    }

    private static List<String> intercept(String... more) {
        List<String> command = new ArrayList<>(List.of(Lab.script("intercept"), "--doctor=short"));
        command.addAll(List.of(more));
        return command;
    }

    private static List<String> without(String capabilities, List<String> command) {
        List<String> whole = new ArrayList<>(List.of("setpriv", "--bounding-set", capabilities));
        whole.addAll(command);
        return whole;
    }

    private void assertNames(int status, Host host, List<String> command, String... findings) {
        int ended = run(host, command);
        assertThat(ended).as(output).isEqualTo(status);
        assertThat(List.of(findings)).allSatisfy(finding -> assertThat(output).contains(finding));
    }

    private void assertFindsNothing(Host host, List<String> command) {
        assertNames(OK, host, command);
        assertThat(output).isEmpty();
    }

    @Test
    void aWholeSetUpIsFineOnBothHosts() {
        assertFindsNothing(Host.ASSISTANT, intercept("-F", FILTER));

        service.startIntercept();
        assertFindsNothing(Host.ONLINE, tcpcopy());

        assertNames(
                OK,
                Host.ONLINE,
                tcpcopy("--doctor"),
                "TC104",
                "TC205  copies to " + lab.address("TARGET") + ":8080 leave as frames on back",
                "TC302",
                "an intercept listens on " + lab.address("ASSISTANT"),
                ", 0 warnings, 0 errors, 0 not checked");
        assertNames(OK, Host.ONLINE, tcpcopy("--doctor=json"), "\"status\" : 0", "\"code\" : \"TC301\"");
    }

    @Test
    void lookingDoesNotDisturbACopyThatRuns() {
        service.startIntercept("--single");
        service.startTcpcopy("--single");
        PacketWatch watch = PacketWatch.start(lab, Host.ASSISTANT, "back");

        assertFindsNothing(Host.ONLINE, tcpcopy("--single"));
        assertFindsNothing(Host.ASSISTANT, intercept("-F", FILTER, "--single"));

        watch.stop("10.2.0.99");
        assertThat(watch.count("tcp[tcpflags] & tcp-syn != 0 and dst port 36524"))
                .as("connections to intercept")
                .isEqualTo(1);
        service.assertCopies("undisturbed");
        service.stopCompleteCopying();
    }

    @Tag("long")
    @Test
    void aMissingInterceptIsToldFromOneThatDoesNotAnswerAndOneThatDoesNotWantThisHost() {
        assertNames(ERRORS, Host.ONLINE, tcpcopy(), "error TC501: no intercept listens on ", "connection refused");

        service.startIntercept("--allow", "10.99.0.0/16");
        assertNames(ERRORS, Host.ONLINE, tcpcopy(), "error TC503: ", "closes the connection at once: does its --allow");
        assertNames(WARNINGS, Host.ONLINE, tcpcopy("-L"), "warning TC503: ");

        Firewall.dropping(lab, Host.ASSISTANT, "tcp dport 36524");
        assertNames(ERRORS, Host.ONLINE, tcpcopy(), "error TC502: ", "does not answer within 1800 ms");
    }

    @Test
    void theWayToTheTargetIsNamedWhereItIsBroken() {
        service.startIntercept();
        String target = lab.address("TARGET");

        lab.run(Host.ONLINE, "ip", "link", "set", "back", "mtu", "1400");
        assertNames(
                WARNINGS,
                Host.ONLINE,
                tcpcopy(),
                "warning TC306: the path to " + target + " takes packets of 1400 bytes");
        lab.run(Host.ONLINE, "ip", "link", "set", "back", "mtu", "1500");

        lab.run(Host.ONLINE, "ip", "route", "add", "unreachable", target);
        assertNames(ERRORS, Host.ONLINE, tcpcopy(), "error TC301: this host has no route to " + target);
        lab.run(Host.ONLINE, "ip", "route", "del", "unreachable", target);

        service.disconnectTarget();
        lab.run(Host.ONLINE, "ip", "neighbour", "flush", "dev", "back");
        assertNames(
                ERRORS,
                Host.ONLINE,
                tcpcopy(),
                "error TC302: the next hop to " + target,
                "does not answer on the link");
    }

    @Tag("long")
    @Test
    void theFirewallIsNamedWhereCopiesMeetIt() {
        service.startIntercept();
        String target = lab.address("TARGET");
        lab.run(Host.ONLINE, "iptables", "-A", "OUTPUT", "-d", target, "-p", "tcp", "--dport", "8080", "-j", "REJECT");
        lab.run(Host.ONLINE, "nft", "add", "table", "ip", "own");
        lab.run(Host.ONLINE, "nft", "add chain ip own out { type nat hook postrouting priority srcnat; }");
        lab.run(Host.ONLINE, "nft", "add rule ip own out oifname back masquerade");

        assertFindsNothing(Host.ONLINE, tcpcopy());
        assertNames(
                ERRORS,
                Host.ONLINE,
                tcpcopy("--inject", "raw"),
                "error TC201: a firewall rule rejects copies to " + target + ":8080",
                "error TC201: a firewall rule changes the source address of copies to " + target + ":8080");
        run(Host.ONLINE, without("-net_admin", tcpcopy("--inject", "raw")));
        assertThat(output)
                .contains("not checked TC101: ", "not checked TC201: ")
                .doesNotContain("error");
    }

    @Tag("long")
    @Test
    void whatCannotCaptureIsNamed() {
        service.startIntercept();

        assertNames(
                ERRORS, Host.ONLINE, without("-net_raw,-net_admin", tcpcopy()), "error TC101: CAP_NET_RAW is missing");
        assertNames(ERRORS, Host.ONLINE, tcpcopy("-i", "none0"), "error TC103: there is no device none0");
        assertNames(
                ERRORS,
                Host.ONLINE,
                tcpcopy("-F", "tcp and dst port 81"),
                "error TC104: the filter \"tcp and dst port 81\"");
        assertNames(
                ERRORS,
                Host.ASSISTANT,
                without("-net_raw,-net_admin", intercept("-F", FILTER)),
                "error TC101: CAP_NET_RAW is missing");
        assertNames(
                ERRORS,
                Host.ASSISTANT,
                intercept("-F", "tcp and dst port 8080"),
                "error TC405: the filter \"tcp and dst port 8080\" takes no response");
    }

    @Test
    void anAssistantThatForwardsIsNamed() {
        lab.run(Host.ASSISTANT, "sysctl", "-qw", "net.ipv4.ip_forward=1");

        assertNames(
                ERRORS,
                Host.ASSISTANT,
                intercept("-F", FILTER),
                "error TC402: this host forwards what comes in on back (net.ipv4.ip_forward=1)");
    }

    @Test
    void aTargetWithoutARuleForTheQueueIsNamed() {
        assertNames(
                ERRORS,
                Host.TARGET,
                intercept("--traditional"),
                "error TC406: no firewall rule hands packets that leave to queue 0");

        lab.run(Host.TARGET, "iptables", "-I", "OUTPUT", "-p", "tcp", "--sport", "8080", "-j", "NFQUEUE");
        assertFindsNothing(Host.TARGET, intercept("--traditional"));
    }
}
