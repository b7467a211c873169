package io.tcpcopy.tcpcopy.options;

import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.CommandLineReader;
import io.tcpcopy.options.CommonOptions;
import io.tcpcopy.options.Errand;
import io.tcpcopy.options.ErrandOptions;
import io.tcpcopy.options.LifeCycleSettings;
import io.tcpcopy.options.MetricsOptions;
import io.tcpcopy.options.OptionValue;
import io.tcpcopy.options.ProgramVersion;
import io.tcpcopy.options.TunnelOptions;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.tcpcopy.copy.CopySettings;
import io.tcpcopy.tcpcopy.offline.OfflineSettings;
import io.tcpcopy.tcpcopy.returnpath.ReturnPathSettings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of tcpcopy. Values stay text until all of them are checked in one place. */
@Command(
        name = "tcpcopy",
        sortOptions = false,
        customSynopsis = {
            "tcpcopy -x LIST [-s LIST] [OPTIONS]",
            "       tcpcopy -x LIST [-s LIST] --offline -i FILE [OPTIONS]",
            "       tcpcopy -x LIST --udp [OPTIONS]"
        },
        versionProvider = ProgramVersion.class,
        description = {
            "Copies the requests that clients send to this host, or that a capture file holds, to a test server. Needs"
                    + " CAP_NET_RAW, and for TCP a running intercept: on the test server itself, or on the host that it"
                    + " routes its responses to (-s). SIGUSR1 has the statistics written, SIGUSR2 a report.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:Stopped by SIGTERM or SIGINT, or by SIGHUP without -d; or --offline has replayed everything.",
            "1:Could not start, or gave up: the last intercept is lost, or -m exceeded; or a leg of --probe fails.",
            "2:Wrong command line, or wrong capture file.",
            "3:--offline has come to its end, but something was lost."
        },
        footerHeading = "%nExamples:%n",
        // An example is a line of words and a command of 80 columns at most, which begins with two spaces.
        footer = {
            // What is taken.
            "From port 80 to port 8080 of the target 10.0.0.2, with an intercept on 10.0.0.3:",
            "  tcpcopy -x 80-10.0.0.2:8080 -s 10.0.0.3",
            "The same with an intercept on the target itself (intercept --traditional):",
            "  tcpcopy -x 80-10.0.0.2:8080",
            "Two services, to two targets with an assistant each:",
            "  tcpcopy -x 80-10.0.0.2:8080,81-10.0.0.12:8080 -s 10.0.0.3,10.0.0.13",
            "Mirrored traffic, which comes in at eth1:",
            "  tcpcopy -x 80-10.0.0.2:8080 -s 10.0.0.3 -i eth1 -F 'tcp and dst port 80'",
            "What this host itself takes, behind DNAT to port 8000:",
            "  tcpcopy -x 8000-10.0.0.2:8080 -s 10.0.0.3 --capture raw",
            "Clients on this host as well, to the target under another address:",
            "  tcpcopy -x 80-10.0.0.2:8080 -s 10.0.0.3 -H 10.1.0.1",
            "A capture file, twice and ten times as fast as it was captured:",
            "  tcpcopy -x 80-10.0.0.2:8080 -s 10.0.0.3 --offline -i web.pcap -T 2 -a 10",
            "A capture file without its pauses, with a report for people and a summary for programs:",
            "  tcpcopy -x 80-10.0.0.2:8080 -s 10.0.0.3 --offline -i web.pcap -I 100 \\",
            "    --summary report.html --summary summary.json",
            "UDP, which needs no intercept:",
            "  tcpcopy -x 53-10.0.0.2:5353 --udp",
            // How much of it.
            "A fifth of all sessions, reached within 20 seconds:",
            "  tcpcopy -x 80-10.0.0.2:8080 -s 10.0.0.3 -r 20 -g",
            "The second of three processes, or hosts, that share one stream:",
            "  tcpcopy -x 80-10.0.0.2:8080 -s 10.0.0.3 --part 2/3",
            "Each session three times; every other tcpcopy needs another -f:",
            "  tcpcopy -x 80-10.0.0.2:8080 -s 10.0.0.3 -n 3 -f 1",
            // How it gets to the target, and what comes back.
            "From 254 other client addresses, so that the target needs one route only:",
            "  tcpcopy -x 80-10.0.0.2:8080 -s 10.0.0.3 -c 10.1.0.x",
            "As IP packets through this host's firewall, whatever the targets:",
            "  tcpcopy -x 80-10.0.0.2:8080 -s 10.0.0.3 --inject raw",
            "As Ethernet frames on eth1, past this host's routes and firewall:",
            "  tcpcopy -x 80@02:00:0a:00:00:01-10.0.0.2:8080@02:00:0a:00:00:02 \\",
            "    -s 10.0.0.3 --pcap-send -o eth1",
            "Very many short connections; intercept has --single, too:",
            "  tcpcopy -x 80-10.0.0.2:8080 -s 10.0.0.3 --single",
            "With an original intercept that was built with payload of responses:",
            "  tcpcopy -x 80-10.0.0.2:8080 -s 10.0.0.3 --resp-payload",
            "Responses come from another address than 10.0.0.2; intercept has --dnat, too:",
            "  tcpcopy -x 80-10.0.0.2:8080 -s 10.0.0.3 --dnat",
            // How it runs.
            "Whether this host is ready for a copy, which is not begun:",
            "  tcpcopy -x 80-10.0.0.2:8080 -s 10.0.0.3 --doctor",
            "Whether the way to the target and back works, tried with an unused client address:",
            "  tcpcopy -x 80-10.0.0.2:8080 -s 10.0.0.3 --probe 203.0.113.250",
            "As a daemon that waits for intercept as long as it takes:",
            "  tcpcopy -x 80-10.0.0.2:8080 -s 10.0.0.3 -L -d -P /run/tcpcopy.pid \\",
            "    -l /var/log/tcpcopy.log",
            "With metrics and a status page at http://127.0.0.1:9464/:",
            "  tcpcopy -x 80-10.0.0.2:8080 -s 10.0.0.3 --metrics 9464",
            "What belongs to a question about it, in a file to be passed on:",
            "  tcpcopy -x 80-10.0.0.2:8080 -s 10.0.0.3 -l /var/log/tcpcopy.log \\",
            "    --report tcpcopy.tar.gz"
        })
public final class TcpcopyOptions {
    private static final int MIN_MEMORY_MB = 128;
    private static final int MAX_MEMORY_MB = 1_048_576;
    /**
     * The part of the heap that sessions may use. The rest is for what is left of ended sessions (70 MB at most), for connections
     * that are left out (20 MB at most), for everything else (20 MB), and since objects are kept to be used again: as many packets as
     * there were at one time, and as many sessions as at another.
     */
    private static final double SESSIONS_SHARE_OF_HEAP = 0.4;

    /** The option that has UDP copied. */
    static final String UDP = "--udp";

    private static final String NO_SHED = "--no-shed";
    /** What concerns connections, and the tunnel that their responses come back through. */
    private static final List<String> WITHOUT_EFFECT_ON_UDP = List.of(
            "-s",
            "-p",
            "-C",
            "-L",
            "-O",
            "-W",
            "-D",
            "-R",
            "-t",
            "-k",
            "--single",
            "--disable-combined",
            "--resp-payload",
            "--dnat",
            NO_SHED);

    private static final int MB_SHIFT = 20;
    /** What the program takes by itself, with its ring and room to breathe: sessions may not have it. */
    private static final long PROGRAM_BYTES = 96L << MB_SHIFT;

    @Option(
            names = {"-x", "--transfer"},
            paramLabel = "LIST",
            description =
                    "Required. What to copy, and where to: comma-separated [onlineIP:]onlinePort-targetIP:targetPort,"
                            + " at most " + TransferReader.MAX_TRANSFERS
                            + "; of several -x the last counts. Without an online address, whatever arrives at the port."
                            + " With --pcap-send, each side with a MAC address, that of the outgoing device and that of the next hop:"
                            + " 80@02:00:0a:00:00:01-10.0.0.2:80@02:00:0a:00:00:02.")
    private String transfers;

    @Mixin
    private ReturnPathOptions returnPath = new ReturnPathOptions();

    @Mixin
    private SessionOptions session = new SessionOptions();

    @Option(
            names = "-m",
            paramLabel = "NUM",
            defaultValue = "2048",
            description =
                    "Memory limit in MB, " + MIN_MEMORY_MB + " to " + MAX_MEMORY_MB
                            + ": sessions may use half of it, less below 192, and beyond it the program ends. Default: ${DEFAULT-VALUE}.")
    private String memoryLimit;

    @Option(
            names = NO_SHED,
            description = "Never leave out whole connections when more come than can be copied: try all of them.")
    private boolean noShed;

    @Option(
            names = UDP,
            description =
                    "Copy UDP instead of TCP: each datagram by itself, above the MTU as IP fragments. Needs no intercept,"
                            + " and what concerns connections has no effect. Datagrams that arrive as fragments need"
                            + " --capture raw.")
    private boolean udp;

    @Option(
            names = "-U",
            paramLabel = "NUM",
            description = "Size of the session pool in KB; accepted, but without effect here: memory grows as needed.")
    private String sessionPoolSize;

    @Spec
    private CommandSpec command;

    @Mixin
    private ErrandOptions errands = new ErrandOptions();

    @Mixin
    private ProbeOptions probe = new ProbeOptions();

    @Mixin
    private CaptureOptions capture = new CaptureOptions();

    @Mixin
    private InjectOptions inject = new InjectOptions();

    @Mixin
    private OfflineOptions offline = new OfflineOptions();

    @Mixin
    private TunnelOptions tunnel = new TunnelOptions();

    @Mixin
    private MetricsOptions metrics = new MetricsOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    private TcpcopyOptions() {}

    /**
     * Reads a command line and checks every value. Where help or the version is asked for, prints that.
     *
     * @return empty when help or the version was printed
     */
    public static Optional<TcpcopySettings> read(String[] arguments, PrintWriter out)
            throws BadInputException, StartException {
        TcpcopyOptions options = new TcpcopyOptions();
        if (!new CommandLineReader(options).read(arguments, out)) {
            return Optional.empty();
        }
        return Optional.of(options.check());
    }

    private TcpcopySettings check() throws BadInputException, StartException {
        TransferReader transferReader = new TransferReader(
                OptionValue.required("-x", transfers, TransferReader.EXPECTED),
                inject.haveAddresses(),
                !offline.given());
        List<Transfer> transferList = transferReader.transfers();
        int memoryMb = OptionValue.of("-m", memoryLimit).number(MIN_MEMORY_MB, MAX_MEMORY_MB);
        long memoryBytes = (long) memoryMb << MB_SHIFT;
        ReturnPathSettings wayBack = returnPath.settings(transferList, udp, tunnel.mode());
        Settings sessionSettings =
                sessionSettings(transferList, wayBack, Math.min(memoryBytes / 2, memoryBytes - PROGRAM_BYTES));
        List<CaptureSettings> captures =
                offline.given() ? List.of() : capture.settings(protocol(), transferList, sessionSettings.part());
        Optional<OfflineSettings> offlineSettings = offline.settings(capture);
        Optional<Errand> errand = errand(transferList);
        LifeCycleSettings lifeCycle = lifeCycle(errand);
        OfflineOptions.checkLog(lifeCycle.logFile(), offlineSettings);
        return new TcpcopySettings(
                protocol(),
                new CopySettings(sessionSettings, inject.settings(transferReader.frameRoutes()), memoryBytes),
                wayBack,
                captures,
                offlineSettings,
                metrics.endpoint(),
                errand,
                lifeCycle);
    }

    private Settings sessionSettings(List<Transfer> transferList, ReturnPathSettings wayBack, long memoryBudget)
            throws BadInputException, StartException {
        Settings.Builder builder = session.settings(transferList)
                .ownAddresses(OwnAddresses.of(transferList, wayBack.intercepts()))
                .dnat(tunnel.mode().dnat())
                .sheds(!noShed && !offline.given())
                .memoryBudget(memoryBudget)
                .heapBudget((long) (Runtime.getRuntime().maxMemory() * SESSIONS_SHARE_OF_HEAP));
        if (offline.given()) {
            builder.speedUp(offline.speedUp());
        }
        return builder.build();
    }

    private Optional<Errand> errand(List<Transfer> transferList) throws BadInputException {
        Optional<Errand> errand = errands.errand();
        if (!probe.given()) {
            return errand;
        }
        if (errand.isPresent()) {
            throw BadInputException.unfit(ProbeOptions.PROBE, "not beside --doctor or --report");
        }
        if (udp || offline.given()) {
            throw BadInputException.unfit(ProbeOptions.PROBE, "it tries connections as a live copy makes them");
        }
        if (tunnel.mode().single()) {
            throw BadInputException.unfit(
                    ProbeOptions.PROBE,
                    "not with --single, whose intercept would give up a tcpcopy that runs for it; probe with an intercept"
                            + " and a command line that have no --single");
        }
        return Optional.of(probe.errand(transferList));
    }

    private Protocol protocol() {
        return udp ? Protocol.UDP : Protocol.TCP;
    }

    private LifeCycleSettings lifeCycle(Optional<Errand> errand) throws BadInputException {
        LifeCycleSettings settings = common.lifeCycle(errand);
        if (sessionPoolSize != null) {
            OptionValue.of("-U", sessionPoolSize).number(1, Integer.MAX_VALUE);
            settings = settings.andWithoutEffect("-U");
        }
        if (noShed && offline.given()) {
            settings = settings.andWithoutEffect(NO_SHED);
        }
        if (udp) {
            for (String option : WITHOUT_EFFECT_ON_UDP) {
                if (command.commandLine().getParseResult().hasMatchedOption(option)) {
                    settings = settings.andWithoutEffect(option);
                }
            }
        }
        return settings;
    }
}
