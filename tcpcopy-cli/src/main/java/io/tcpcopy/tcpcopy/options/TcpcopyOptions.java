package io.tcpcopy.tcpcopy.options;

import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
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
import io.tcpcopy.session.base.Part;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.tcpcopy.copy.CopySettings;
import io.tcpcopy.tcpcopy.offline.OfflineSettings;
import io.tcpcopy.tcpcopy.returnpath.ReturnPathSettings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final int MAX_INTERCEPTS = 32;
    private static final int MAX_CONNECTIONS = 11;
    private static final int MAX_COPIES = 1023;
    private static final int MAX_PORT_SHIFT_FACTOR = 255;
    private static final int MAX_PERCENTAGE = 100;
    private static final int MIN_MTU = 576;
    private static final int MAX_MTU = 65535;
    private static final int MIN_MSS = 64;
    private static final int MAX_MSS = 65495;
    private static final int MAX_RTT_MS = 60_000;
    private static final int MAX_TIMEOUT_S = 86_400;
    private static final int MIN_MEMORY_MB = 64;
    private static final int MAX_MEMORY_MB = 1_048_576;
    /**
     * The part of the heap that sessions may use. The rest is for what is left of ended sessions (70 MB at most), for connections
     * that are left out (20 MB at most), for everything else (20 MB), and since objects are kept to be used again: as many packets as
     * there were at one time, and as many sessions as at another.
     */
    private static final double SESSIONS_SHARE_OF_HEAP = 0.4;

    private static final String UDP = "--udp";
    private static final String PROBE = "--probe";
    private static final int MAX_PROBES = 64;
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

    private static final Pattern PART = Pattern.compile("([1-9][0-9]?)/([1-9][0-9]?)");

    private static final int MB_SHIFT = 20;

    @Option(
            names = {"-x", "--transfer"},
            paramLabel = "LIST",
            description =
                    "Required. What to copy, and where to: comma-separated [onlineIP:]onlinePort-targetIP:targetPort,"
                            + " at most " + TransferReader.MAX_TRANSFERS
                            + ". Without an online address, whatever arrives at the port. With --pcap-send, each side"
                            + " with a MAC address, that of the outgoing device and that of the next hop:"
                            + " 80@02:00:0a:00:00:01-10.0.0.2:80@02:00:0a:00:00:02.")
    private String transfers;

    @Option(
            names = {"-s", "--intercept"},
            paramLabel = "LIST",
            description = "The intercepts, comma-separated ip[:port], at most " + MAX_INTERCEPTS
                    + ". Default: one on each target (intercept --traditional); none with " + UDP + ".")
    private String intercepts;

    @Option(
            names = "-p",
            paramLabel = "NUM",
            defaultValue = CommonOptions.INTERCEPT_PORT,
            description = "Port of the intercepts that -s gives no port for. Default: ${DEFAULT-VALUE}.")
    private String interceptPort;

    @Option(
            names = "-C",
            paramLabel = "NUM",
            defaultValue = "2",
            description = "Connections to each intercept, 1 to " + MAX_CONNECTIONS
                    + ". One carries 65,536 sessions, then the" + " next one does. Default: ${DEFAULT-VALUE}.")
    private String connections;

    @Option(
            names = "-L",
            description =
                    "Lonely: start and keep running while no intercept can be reached, and reconnect. Without it the"
                            + " program ends when the last intercept is lost.")
    private boolean lonely;

    @Option(
            names = "-c",
            paramLabel = "LIST",
            description =
                    "Client addresses to use towards the target instead of the real ones: comma-separated addresses,"
                            + " or a.b.c.x for a.b.c.1 to a.b.c.254; at most 4096. Those of targets are left out.")
    private String clientAddresses;

    @Option(
            names = "-H",
            paramLabel = "ADDR",
            description = "Client address to use instead of 127.0.0.1, for clients on this host.")
    private String loopbackClient;

    @Option(
            names = "-n",
            paramLabel = "NUM",
            defaultValue = "1",
            description = "Copies of each connection or datagram, 1 to " + MAX_COPIES + ". Default: ${DEFAULT-VALUE}.")
    private String copies;

    @Option(
            names = "-f",
            paramLabel = "NUM",
            defaultValue = "0",
            description = "Port shift factor, 0 to " + MAX_PORT_SHIFT_FACTOR
                    + " (31 are distinct): give each tcpcopy that copies to the same target another one."
                    + " Default: ${DEFAULT-VALUE}.")
    private String portShiftFactor;

    @Option(
            names = "-r",
            paramLabel = "NUM",
            defaultValue = "100",
            description = "Percentage of sessions to copy, 1 to 100; each is copied whole or not at all. With " + UDP
                    + ", of client addresses and ports."
                    + " Default: ${DEFAULT-VALUE}.")
    private String percentage;

    @Option(
            names = "-g",
            description = "Gradually: let the percentage rise by 1 a second, from 1 to that of -r. Running connections"
                    + " join as it rises, each with its next request; with -O, only new ones.")
    private boolean gradually;

    @Option(
            names = "--part",
            paramLabel = "K/N",
            description = "Copy the K-th of N parts alone, for N processes or hosts that share one stream, N up to "
                    + Part.MOST
                    + ". A hash of the client's address and port says which part a connection or datagram is in.")
    private String part;

    @Option(names = "-O", description = "Copy only whole sessions: those whose beginning was seen.")
    private boolean wholeSessionsOnly;

    @Option(names = "-W", description = "Do not wait for the response before the next request is sent.")
    private boolean withoutWaiting;

    @Option(
            names = "-M",
            paramLabel = "NUM",
            defaultValue = "" + Settings.DEFAULT_MTU,
            description = "MTU towards the target in bytes, " + MIN_MTU + " to " + MAX_MTU
                    + "; larger packets are split. Where the device or the route takes less, that counts instead."
                    + " Default: ${DEFAULT-VALUE}.")
    private String mtu;

    @Option(
            names = "-D",
            paramLabel = "NUM",
            defaultValue = "" + Settings.DEFAULT_MSS,
            description = "MSS in bytes to announce for connections that were open before the start, " + MIN_MSS
                    + " to " + MAX_MSS + ". Default: ${DEFAULT-VALUE}.")
    private String mss;

    @Option(
            names = "-R",
            paramLabel = "NUM",
            description = "Round-trip time of clients in ms, 1 to " + MAX_RTT_MS + ". Default: as measured.")
    private String rtt;

    @Option(
            names = "-t",
            paramLabel = "NUM",
            defaultValue = "" + Settings.DEFAULT_SESSION_TIMEOUT_S,
            description = "End a session whose target does not respond for this many seconds, 1 to " + MAX_TIMEOUT_S
                    + ". Default: ${DEFAULT-VALUE}.")
    private String sessionTimeout;

    @Option(
            names = "-k",
            paramLabel = "NUM",
            description = "End a session that is idle for this many seconds, 1 to " + MAX_TIMEOUT_S
                    + ". Default: session timeout + " + Settings.KEEPALIVE_EXTRA_S + ".")
    private String keepaliveTimeout;

    @Option(
            names = "-m",
            paramLabel = "NUM",
            defaultValue = "2048",
            description = "Memory limit in MB, " + MIN_MEMORY_MB + " to " + MAX_MEMORY_MB
                    + ": sessions may use half of it, and beyond it the program ends. Default: ${DEFAULT-VALUE}.")
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

    @Option(
            names = PROBE,
            paramLabel = "LIST",
            order = 801,
            description =
                    "Try one handshake from each of these client addresses through the whole way and back instead of"
                            + " copying, and end: 0, or 1 if a leg fails, which is named. Where the way back is broken, who uses"
                            + " such an address hears of it: take unused ones of the clients' networks. At most "
                            + MAX_PROBES + ".")
    private String probe;

    @Spec
    private CommandSpec command;

    @Mixin
    private ErrandOptions errands = new ErrandOptions();

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
        ReturnPathSettings returnPath = returnPath(transferList);
        Settings session = session(transferList, memoryBytes / 2)
                .ownAddresses(OwnAddresses.of(transferList, returnPath.intercepts()))
                .build();
        List<CaptureSettings> captures =
                offline.given() ? List.of() : capture.settings(protocol(), transferList, session.part());
        Optional<OfflineSettings> offlineSettings = offline.settings(capture);
        Optional<Errand> errand = errand(transferList);
        LifeCycleSettings lifeCycle = lifeCycle(errand);
        OfflineOptions.checkLog(lifeCycle.logFile(), offlineSettings);
        return new TcpcopySettings(
                protocol(),
                new CopySettings(session, inject.settings(transferReader.frameRoutes()), memoryBytes),
                returnPath,
                captures,
                offlineSettings,
                metrics.endpoint(),
                errand,
                lifeCycle);
    }

    private Optional<Errand> errand(List<Transfer> transferList) throws BadInputException {
        Optional<Errand> errand = errands.errand();
        if (probe == null) {
            return errand;
        }
        if (errand.isPresent()) {
            throw BadInputException.unfit(PROBE, "not beside --doctor or --report");
        }
        if (udp || offline.given()) {
            throw BadInputException.unfit(PROBE, "it tries connections as a live copy makes them");
        }
        if (tunnel.mode().single()) {
            throw BadInputException.unfit(
                    PROBE,
                    "not with --single, whose intercept would give up a tcpcopy that runs for it; probe with an intercept"
                            + " and a command line that have no --single");
        }
        return Optional.of(new Errand.Probe(probeClients(transferList)));
    }

    private List<Address> probeClients(List<Transfer> transferList) throws BadInputException {
        Set<Address> clients = new LinkedHashSet<>();
        for (OptionValue client : OptionValue.of(PROBE, probe).list(MAX_PROBES)) {
            Address address = client.address();
            boolean isTarget = transferList.stream()
                    .anyMatch(transfer -> address.equals(transfer.target().address()));
            if (isTarget || !address.isOfOneHost()) {
                throw client.wrong("addresses that clients of the targets can have");
            }
            clients.add(address);
        }
        return List.copyOf(clients);
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

    private Settings.Builder session(List<Transfer> transferList, long memoryBudget) throws BadInputException {
        int timeoutS = OptionValue.of("-t", sessionTimeout).number(1, MAX_TIMEOUT_S);
        int keepaliveS = keepaliveTimeout == null
                ? timeoutS + Settings.KEEPALIVE_EXTRA_S
                : OptionValue.of("-k", keepaliveTimeout).number(1, MAX_TIMEOUT_S);
        Settings.Builder builder = Settings.of(transferList)
                .copies(OptionValue.of("-n", copies).number(1, MAX_COPIES))
                .portShiftFactor(OptionValue.of("-f", portShiftFactor).number(0, MAX_PORT_SHIFT_FACTOR))
                .part(part())
                .percentage(OptionValue.of("-r", percentage).number(1, MAX_PERCENTAGE))
                .gradually(gradually)
                .wholeSessionsOnly(wholeSessionsOnly)
                .waitForResponse(!withoutWaiting)
                .dnat(tunnel.mode().dnat())
                .mtu(OptionValue.of("-M", mtu).number(MIN_MTU, MAX_MTU))
                .mss(OptionValue.of("-D", mss).number(MIN_MSS, MAX_MSS))
                .timeoutsNs(TimeUnit.SECONDS.toNanos(timeoutS), TimeUnit.SECONDS.toNanos(keepaliveS))
                .sheds(!noShed && !offline.given())
                .memoryBudget(memoryBudget)
                .heapBudget((long) (Runtime.getRuntime().maxMemory() * SESSIONS_SHARE_OF_HEAP));
        if (loopbackClient != null) {
            builder.loopbackClient(loopbackClient());
        }
        if (clientAddresses != null) {
            builder.clientAddresses(ClientAddressReader.read(OptionValue.of("-c", clientAddresses), transferList));
        }
        if (offline.given()) {
            builder.speedUp(offline.speedUp());
        }
        if (rtt != null) {
            builder.fixedRttNs(
                    TimeUnit.MILLISECONDS.toNanos(OptionValue.of("-R", rtt).number(1, MAX_RTT_MS)));
        }
        return builder;
    }

    private Part part() throws BadInputException {
        if (part == null) {
            return Part.ALL;
        }
        OptionValue value = OptionValue.of("--part", part);
        Matcher numbers = PART.matcher(part);
        if (numbers.matches()) {
            Part read = new Part(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)));
            if (read.number() <= read.of() && read.of() <= Part.MOST) {
                return read;
            }
        }
        throw value.wrong("K/N, with a number from 1 to " + Part.MOST + " for N, and one from 1 to N for K");
    }

    private Address loopbackClient() throws BadInputException {
        OptionValue value = OptionValue.of("-H", loopbackClient);
        Address address = value.address();
        if (address.equals(Address.LOOPBACK)) {
            throw value.wrong("an address other than 127.0.0.1, which it replaces");
        }
        return address;
    }

    private ReturnPathSettings returnPath(List<Transfer> transferList) throws BadInputException {
        int port = OptionValue.of("-p", interceptPort).port();
        boolean onTargets = intercepts == null && !udp;
        return new ReturnPathSettings(
                onTargets ? onTargets(transferList, port) : namedIntercepts(port),
                onTargets,
                OptionValue.of("-C", connections).number(1, MAX_CONNECTIONS),
                tunnel.mode(),
                lonely);
    }

    private static List<Endpoint> onTargets(List<Transfer> transferList, int port) throws BadInputException {
        List<Endpoint> endpoints = transferList.stream()
                .map(transfer -> new Endpoint(transfer.target().address(), port))
                .distinct()
                .toList();
        if (endpoints.size() > MAX_INTERCEPTS) {
            throw BadInputException.missing("-s", "where -x names more than " + MAX_INTERCEPTS + " targets");
        }
        return endpoints;
    }

    private List<Endpoint> namedIntercepts(int defaultPort) throws BadInputException {
        List<Endpoint> endpoints = new ArrayList<>();
        if (intercepts == null) {
            return endpoints;
        }
        for (OptionValue part : OptionValue.of("-s", intercepts).list(MAX_INTERCEPTS)) {
            Endpoint endpoint = part.endpoint(defaultPort);
            if (endpoints.contains(endpoint)) {
                throw part.wrong("each intercept once");
            }
            endpoints.add(endpoint);
        }
        return endpoints;
    }
}
