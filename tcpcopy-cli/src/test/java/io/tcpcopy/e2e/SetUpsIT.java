package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Programs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Set-ups that are wrong in one thing: what each of the tools says of them, and of what is mended again. Those that run are asked while clients
 * go on. What was said is printed, a table for each set-up.
 */
@Tag("long")
class SetUpsIT {
    private static final Duration TIME_TO_LOOK = Duration.ofSeconds(20);
    private static final Duration TIME_TO_TELL = Duration.ofSeconds(40);

    /** An address of the clients' network that no client has. */
    private static final String UNUSED_CLIENT = "10.1.9.9";

    private static final String PORT = "" + CopiedService.PORT;
    private static final String NOTHING = "-";
    private static final String WARNING = "[warn] ";
    private static final String NOTICE = "[notice] ";

    /** Who says it. */
    private enum Tool {
        DOCTOR_OF_TCPCOPY,
        DOCTOR_OF_INTERCEPT,
        DOCTOR_OF_TARGET,
        PROBE,
        TCPCOPY,
        INTERCEPT
    }

    /** What is wrong, and the codes by which it is told: of the tools in their order, none where they cannot see it. */
    private enum SetUp {
        HEALTHY("", "", "", "", "", ""),
        NO_ROUTE_ON_TARGET("", "", "TC404", "TC401", "TC401", "TC409"),
        ASSISTANT_FORWARDS("", "TC402", "", "", "", "TC402"),
        REVERSE_PATH_FILTER_ON_TARGET("", "", "TC403", "TC401", "TC401", "TC409"),
        WRONG_FILTER_OF_TCPCOPY("TC104", "", "", "", "TC106", ""),
        WRONG_FILTER_OF_INTERCEPT("", "TC405", "", "TC401", "TC401", "TC405"),
        WRONG_ONLINE_PORT("TC109", "", "", "", "TC106", ""),
        WRONG_TARGET_PORT("", "", "TC303", "TC303", "TC303", ""),
        FIREWALL_BEFORE_TARGET("", "", "TC307", "TC401", "TC401", "TC409"),
        FIREWALL_BEHIND_TARGET("", "", "TC307", "TC401", "TC401", "TC409"),
        FIREWALL_BEFORE_INTERCEPT("TC502", "", "", "TC502", "TC502", ""),
        INTERCEPT_DOWN("TC501", "", "", "TC501", "TC501", ""),
        SMALL_MTU_ON_THE_WAY("", "", "", "", "TC306", ""),
        TARGET_NOT_LISTENING("", "", "TC303", "TC303", "TC303", ""),
        FOREIGN_SOURCES_DROPPED("", "", "", "TC310", "TC401", "TC409");

        private final Map<Tool, String> codes = new EnumMap<>(Tool.class);

        SetUp(String... codes) {
            for (Tool tool : Tool.values()) {
                this.codes.put(tool, codes[tool.ordinal()]);
            }
        }
    }

    @RegisterExtension
    private final Lab lab = new Lab();

    private final Map<Tool, String> said = new EnumMap<>(Tool.class);
    private CopiedService service;

    @ParameterizedTest
    @EnumSource
    void whatIsWrongIsNamedAndSoIsThatItIsOver(SetUp setUp) {
        service = new CopiedService(lab);
        spoil(setUp);
        askDoctors(setUp);
        copy(setUp);

        print(setUp);
        setUp.codes.forEach((tool, code) -> {
            String text = said.get(tool);
            if (code.isEmpty()) {
                assertThat(text).as(tool + " of " + setUp).doesNotContain("error TC", "warning TC", "[warn] TC");
            } else {
                assertThat(text).as(tool + " of " + setUp).contains(code);
            }
        });
    }

    // ------------------------------------------------------------------------------------------------------ the faults

    private void spoil(SetUp setUp) {
        switch (setUp) {
            case NO_ROUTE_ON_TARGET -> lab.run(Host.TARGET, "ip", "route", "del", lab.address("CLIENT_NET"));
            case ASSISTANT_FORWARDS -> lab.run(Host.ASSISTANT, "sysctl", "-qw", "net.ipv4.ip_forward=1");
            case REVERSE_PATH_FILTER_ON_TARGET -> {
                // Clients are to be found behind another device than the one that copies come in by.
                lab.run(Host.TARGET, "ip", "link", "add", "other", "type", "veth", "peer", "name", "another");
                lab.run(Host.TARGET, "ip", "link", "set", "another", "up");
                lab.run(Host.TARGET, "ip", "link", "set", "other", "up");
                lab.run(Host.TARGET, "ip", "route", "replace", lab.address("CLIENT_NET"), "dev", "other");
                lab.run(Host.TARGET, "sysctl", "-qw", "net.ipv4.conf.back.rp_filter=1");
            }
            case FIREWALL_BEFORE_TARGET ->
                lab.run(Host.TARGET, "iptables", "-A", "INPUT", "-p", "tcp", "--dport", PORT, "-j", "DROP");
            case FIREWALL_BEHIND_TARGET ->
                lab.run(Host.TARGET, "iptables", "-A", "OUTPUT", "-p", "tcp", "--sport", PORT, "-j", "DROP");
            case FIREWALL_BEFORE_INTERCEPT ->
                lab.run(Host.ASSISTANT, "iptables", "-A", "INPUT", "-p", "tcp", "--dport", "36524", "-j", "DROP");
            case SMALL_MTU_ON_THE_WAY -> dropOnTheWayToTarget("ip length > 1300");
            case TARGET_NOT_LISTENING -> service.killTargetServer();
            case FOREIGN_SOURCES_DROPPED -> dropOnTheWayToTarget("ip saddr " + lab.address("CLIENT_NET"));
            default -> {
                // It is an option that is wrong, or a program that is not there.
            }
        }
    }

    private void mend(SetUp setUp) {
        switch (setUp) {
            case NO_ROUTE_ON_TARGET, REVERSE_PATH_FILTER_ON_TARGET ->
                lab.run(
                        Host.TARGET,
                        "sh",
                        "-ec",
                        "sysctl -qw net.ipv4.conf.back.rp_filter=0; ip route replace " + lab.address("CLIENT_NET")
                                + " via " + lab.address("ASSISTANT"));
            case ASSISTANT_FORWARDS -> lab.run(Host.ASSISTANT, "sysctl", "-qw", "net.ipv4.ip_forward=0");
            case FIREWALL_BEFORE_TARGET -> lab.run(Host.TARGET, "iptables", "-F", "INPUT");
            case FIREWALL_BEHIND_TARGET -> lab.run(Host.TARGET, "iptables", "-F", "OUTPUT");
            case FIREWALL_BEFORE_INTERCEPT -> lab.run(Host.ASSISTANT, "iptables", "-F", "INPUT");
            case INTERCEPT_DOWN -> service.startIntercept();
            case TARGET_NOT_LISTENING -> service.startTargetServer();
            case SMALL_MTU_ON_THE_WAY, FOREIGN_SOURCES_DROPPED -> onSwitch("nft", "delete table bridge way");
            default -> {
                // A program with a wrong option has to be started anew.
            }
        }
    }

    private void dropOnTheWayToTarget(String packets) {
        onSwitch("nft", "add table bridge way");
        onSwitch("nft", "add chain bridge way passed { type filter hook forward priority 0; }");
        onSwitch("nft", "add rule bridge way passed oifname target " + packets + " drop");
    }

    private void onSwitch(String... command) {
        String name = lab.namespace(Host.ONLINE).replaceAll("online$", "switch");
        Stream<String> whole = Stream.concat(Stream.of("ip", "netns", "exec", name), Stream.of(command));
        lab.run(Host.ONLINE, whole.toArray(String[]::new));
    }

    private List<String> tcpcopyOptions(SetUp setUp) {
        String online = setUp == SetUp.WRONG_ONLINE_PORT ? "8081" : PORT;
        String target = setUp == SetUp.WRONG_TARGET_PORT ? "8081" : PORT;
        List<String> options = new ArrayList<>(List.of(
                "-x", online + "-" + lab.address("TARGET") + ":" + target, "-s", lab.address("ASSISTANT"), "-L"));
        if (setUp == SetUp.WRONG_FILTER_OF_TCPCOPY) {
            options.addAll(List.of("-F", "tcp and dst port 81"));
        }
        return options;
    }

    private static List<String> interceptOptions(SetUp setUp) {
        String end = setUp == SetUp.WRONG_FILTER_OF_INTERCEPT ? "dst" : "src";
        return List.of("-F", "tcp and " + end + " port " + (setUp == SetUp.WRONG_TARGET_PORT ? "8081" : PORT));
    }

    // ------------------------------------------------------------------------------------------------------- the tools

    /** The tools that look once. That of intercept comes first, since its port must be free. */
    private void askDoctors(SetUp setUp) {
        Stream<String> program = Stream.of(Lab.script("intercept"));
        ask(Tool.DOCTOR_OF_INTERCEPT, Host.ASSISTANT, program, interceptOptions(setUp), "--doctor=short");
        if (setUp != SetUp.INTERCEPT_DOWN) {
            service.startIntercept(interceptOptions(setUp).toArray(String[]::new));
        }
        ask(
                Tool.DOCTOR_OF_TARGET,
                Host.TARGET,
                Stream.of(Lab.script("doctor-target")),
                List.of(
                        "--clients",
                        lab.address("CLIENT_NET"),
                        "--port",
                        setUp == SetUp.WRONG_TARGET_PORT ? "8081" : PORT),
                "--assistant",
                lab.address("ASSISTANT"),
                "--online",
                lab.address("ONLINE_BACK"),
                "--short");
        Stream<String> tcpcopy = Programs.OURS.tcpcopy().stream();
        ask(Tool.DOCTOR_OF_TCPCOPY, Host.ONLINE, tcpcopy, tcpcopyOptions(setUp), "--doctor=short");
        String probed = setUp == SetUp.FOREIGN_SOURCES_DROPPED
                ? UNUSED_CLIENT + "," + lab.address("ONLINE_BACK")
                : UNUSED_CLIENT;
        ask(Tool.PROBE, Host.ONLINE, Programs.OURS.tcpcopy().stream(), tcpcopyOptions(setUp), "--probe", probed);
    }

    private void ask(Tool tool, Host host, Stream<String> program, List<String> options, String... more) {
        String[] command = Stream.of(program, options.stream(), Stream.of(more))
                .flatMap(part -> part)
                .toArray(String[]::new);
        try (HostProcess process = lab.start(tool.name(), host, command)) {
            process.waitFor(TIME_TO_LOOK);
            said.put(tool, process.output());
        }
    }

    /** Copies while clients go on, until what is wrong is told, and again until it is told that it is over. */
    private void copy(SetUp setUp) {
        HostProcess tcpcopy = lab.start(
                "tcpcopy",
                Host.ONLINE,
                Stream.concat(Programs.OURS.tcpcopy().stream(), tcpcopyOptions(setUp).stream())
                        .toArray(String[]::new));
        tcpcopy.waitForOutput("tcpcopy started", TIME_TO_LOOK);
        service.traffic(
                "going-on",
                "--short",
                "1200",
                "--rate",
                "20",
                "--body",
                setUp == SetUp.SMALL_MTU_ON_THE_WAY ? "100000" : "0");
        awaitTold(setUp, Tool.TCPCOPY, tcpcopy, WARNING);
        if (setUp != SetUp.INTERCEPT_DOWN) {
            awaitTold(setUp, Tool.INTERCEPT, service.intercept(), WARNING);
        }
        if (setUp == SetUp.HEALTHY || setUp.name().startsWith("WRONG_")) {
            service.traffic("settled", "--short", "200", "--rate", "20").complete();
        } else {
            mend(setUp);
            awaitTold(setUp, Tool.TCPCOPY, tcpcopy, NOTICE);
            awaitTold(setUp, Tool.INTERCEPT, service.intercept(), NOTICE);
        }
        said.put(Tool.TCPCOPY, tcpcopy.output());
        said.put(Tool.INTERCEPT, service.intercept().output());
    }

    private static void awaitTold(SetUp setUp, Tool tool, HostProcess program, String level) {
        String code = setUp.codes.get(tool);
        if (!code.isEmpty()) {
            // That an intercept cannot be reached is said at once; that this lasts, later, as all that lasts.
            String words = code.startsWith("TC50") && level.equals(WARNING) ? "nothing comes back" : "";
            program.waitForOutput(level + code + ": " + words, TIME_TO_TELL);
        }
    }

    private void print(SetUp setUp) {
        System.out.println("## " + setUp);
        said.forEach((tool, text) -> {
            List<String> lines = text.lines()
                    .filter(line -> line.contains(" TC") && !line.contains("most is lost") && !line.contains(" ok "))
                    .toList();
            System.out.println(tool + ": " + (lines.isEmpty() ? NOTHING : String.join("\n  ", lines)));
        });
    }
}
