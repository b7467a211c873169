package io.tcpcopy.intercept.options;

import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.capture.open.CaptureKind;
import io.tcpcopy.capture.open.CaptureOpener;
import io.tcpcopy.capture.queue.QueueSettings;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.intercept.routing.ContainerAddress;
import io.tcpcopy.intercept.routing.Routing;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.CommandLineReader;
import io.tcpcopy.options.CommonOptions;
import io.tcpcopy.options.Errand;
import io.tcpcopy.options.ErrandOptions;
import io.tcpcopy.options.MetricsOptions;
import io.tcpcopy.options.OptionValue;
import io.tcpcopy.options.ProgramVersion;
import io.tcpcopy.options.TunnelOptions;
import io.tcpcopy.tunnel.TunnelFormat;
import io.tcpcopy.tunnel.TunnelMode;
import java.io.PrintWriter;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of intercept. Values stay text until all of them are checked in one place. */
@Command(
        name = "intercept",
        sortOptions = false,
        customSynopsis = {"intercept -F EXPR [OPTIONS]", "       intercept --traditional [OPTIONS]"},
        versionProvider = ProgramVersion.class,
        description = {
            "Captures the responses of a test server and streams their headers to tcpcopy. Runs on the assistant host: the"
                    + " test server routes its responses to it, and it must not forward them (ip_forward=0). Needs"
                    + " CAP_NET_RAW. SIGUSR1 has the statistics written, SIGUSR2 a report.",
            ""
        },
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:Stopped by SIGTERM or SIGINT, or by SIGHUP without -d.",
            "1:Could not start.",
            "2:Wrong command line."
        },
        footerHeading = "%nExamples:%n",
        // An example is a line of words and a command of 80 columns at most, which begins with two spaces.
        footer = {
            // What is taken.
            "Responses of a test server that listens on port 8080:",
            "  intercept -F 'tcp and src port 8080'",
            "Those that come in at eth1, of two services:",
            "  intercept -i eth1 -F 'tcp and (src port 8080 or src port 8081)'",
            "Of a test server in a container, which sees 172.17.0.1 (tcpcopy: -c 10.0.0.9):",
            "  intercept -F 'tcp and src port 8080' -D 172.17.0.1-10.0.0.9",
            "Without an assistant host, on the test server's own, with a firewall rule:",
            "  intercept --traditional",
            "  iptables -I OUTPUT -p tcp --sport 8080 -j NFQUEUE",
            // Who gets it, and how.
            "For tcpcopys of one network, on one address and another port:",
            "  intercept -F 'tcp and src port 8080' -b 10.0.0.3 -p 36525 --allow 10.0.0.0/24",
            "For one tcpcopy, which has --single, too, and is not to be replaced:",
            "  intercept -F 'tcp and src port 8080' --single -c",
            "For an original tcpcopy that was built with payload of responses:",
            "  intercept -F 'tcp and src port 8080' --resp-payload",
            "Responses come from another address than tcpcopy's -x names; it has --dnat, too:",
            "  intercept -F 'tcp and src port 8080' --dnat",
            // How it runs.
            "Whether this host is ready, without capturing anything:",
            "  intercept -F 'tcp and src port 8080' --doctor",
            "As a daemon:",
            "  intercept -F 'tcp and src port 8080' -d -P /run/intercept.pid \\",
            "    -l /var/log/intercept.log",
            "With metrics and a status page at http://127.0.0.1:9464/:",
            "  intercept -F 'tcp and src port 8080' --metrics 9464",
            "What belongs to a question about it, in a file to be passed on:",
            "  intercept -F 'tcp and src port 8080' -l /var/log/intercept.log \\",
            "    --report intercept.tar.gz"
        })
public final class InterceptOptions {
    private static final String TWO_ADDRESSES = "two addresses such as 172.17.0.1-10.0.0.9";
    private static final int MIN_ROUTES = 1024;
    private static final int MAX_ROUTES = 16_777_216;
    private static final int MAX_TIMEOUT_S = 86_400;

    private static final List<CaptureKind> KINDS = List.of(CaptureKind.AUTO, CaptureKind.RING, CaptureKind.PCAP);

    /** Headers of IPv4 and TCP with all their options. */
    private static final int HEADERS_LENGTH = 120;

    @Option(
            names = "-F",
            paramLabel = "EXPR",
            description =
                    "Required without --traditional. Capture filter in the syntax of tcpdump that takes the test server's responses, one"
                            + " argument: quote it.")
    private String filter;

    @Option(
            names = "-i",
            paramLabel = "LIST",
            description = "Capture devices, comma-separated, opened promiscuous; what they receive counts. Default: "
                    + CaptureSettings.ANY + " (all devices).")
    private String devices;

    @Option(
            names = "-p",
            paramLabel = "NUM",
            defaultValue = CommonOptions.INTERCEPT_PORT,
            description = "Port on which to wait for tcpcopy. Default: ${DEFAULT-VALUE}.")
    private String port;

    @Option(
            names = "-b",
            paramLabel = "ADDR",
            defaultValue = "0.0.0.0",
            description = "Address on which to wait for tcpcopy. Default: ${DEFAULT-VALUE}, all addresses.")
    private String address;

    @Option(
            names = "--allow",
            paramLabel = "LIST",
            description = "Addresses and blocks (such as 10.0.0.0/24), comma-separated, from which tcpcopy may connect."
                    + " Default: all.")
    private String allowed;

    @Option(
            names = "-n",
            paramLabel = "NUM",
            description = "Most responses to combine, 1 to 16; with --resp-payload, to 6. Default: that maximum.")
    private String maxBatch;

    @Option(
            names = "-s",
            paramLabel = "NUM",
            defaultValue = "65536",
            description =
                    "Routes to make room for at the start, " + MIN_ROUTES + " to " + MAX_ROUTES
                            + "; a busy site saves stops for growth. No more than " + Routing.MAX_ROUTES
                            + " are ever held, so more counts as that. With --single there are none. Default: ${DEFAULT-VALUE}.")
    private String expectedRoutes;

    @Option(
            names = "-t",
            paramLabel = "NUM",
            defaultValue = "1200",
            description = "Forget a route that no response has used for this many seconds, 1 to " + MAX_TIMEOUT_S
                    + ". Default: ${DEFAULT-VALUE}.")
    private String routeTimeout;

    @Option(
            names = "-D",
            paramLabel = "A-B",
            description =
                    "For a test server in a container: responses to address A count as responses to B, the address"
                            + " that tcpcopy gives the client.")
    private String container;

    @Option(
            names = "-c",
            description = "With --single: refuse another tcpcopy while one is connected, instead of letting it replace"
                    + " that one.")
    private boolean keepsFirst;

    @Mixin
    private TunnelOptions tunnel = new TunnelOptions();

    /** Null when it was not given. */
    private String captureKind;

    @Option(
            names = "--capture",
            paramLabel = "KIND",
            completionCandidates = CaptureKinds.class,
            description =
                    "How to capture. ring: through a ring of frames, with a filter for packets that begin with the IP"
                            + " header. pcap: through libpcap. auto: ring, but pcap where the kernel gives no ring or the filter reads"
                            + " what is in front of the IP header. Default: auto.")
    private void setCaptureKind(String kind) {
        // Without the option picocli sets null, also behind another one that has set it.
        captureKind = kind == null ? captureKind : kind;
    }

    @Option(names = "--pcap-capture", description = "The same as --capture pcap.")
    private void setPcapCapture(boolean given) {
        if (given) {
            setCaptureKind(CaptureKind.PCAP.text());
        }
    }

    @Mixin
    private TraditionalOptions traditional = new TraditionalOptions();

    @Mixin
    private ErrandOptions errands = new ErrandOptions();

    @Mixin
    private MetricsOptions metrics = new MetricsOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    private InterceptOptions() {}

    /**
     * Reads a command line and checks every value. Where help or the version is asked for, prints that.
     *
     * @return empty when help or the version was printed
     */
    public static Optional<InterceptSettings> read(String[] arguments, PrintWriter out)
            throws BadInputException, StartException {
        InterceptOptions options = new InterceptOptions();
        if (!new CommandLineReader(options).read(arguments, out)) {
            return Optional.empty();
        }
        return Optional.of(options.check());
    }

    private InterceptSettings check() throws BadInputException, StartException {
        int listenPort = OptionValue.of("-p", port).port();
        OptionValue listen = OptionValue.of("-b", address);
        Address listenAddress =
                Address.parse(address).orElseThrow(() -> listen.wrong("an IPv4 address such as 10.0.0.1"));
        Endpoint tunnelEndpoint = new Endpoint(listenAddress, listenPort);
        TunnelMode mode = tunnel.mode();
        if (keepsFirst && !mode.single()) {
            throw BadInputException.stray("-c", "--single beside it: only there a tcpcopy can replace another one");
        }
        int timeoutS = OptionValue.of("-t", routeTimeout).number(1, MAX_TIMEOUT_S);
        Optional<Errand> errand = errands.errand();
        Optional<QueueSettings> queue = traditional.check(packetLength(mode.format()));
        return new InterceptSettings(
                queue.isPresent() ? withoutCapture() : captures(mode.format()),
                queue,
                tunnelEndpoint,
                allowed == null ? AllowList.EVERYBODY : AllowList.read(OptionValue.of("--allow", allowed)),
                mode,
                keepsFirst,
                maxBatch(mode.format()),
                containerAddress(),
                OptionValue.of("-s", expectedRoutes).number(MIN_ROUTES, MAX_ROUTES),
                TimeUnit.SECONDS.toNanos(timeoutS),
                metrics.endpointBeside(tunnelEndpoint, "tcpcopy connects to this port (-p)"),
                errand,
                common.lifeCycle(errand));
    }

    private List<CaptureSettings> withoutCapture() throws BadInputException {
        TraditionalOptions.refuseWithTraditional("-F", filter);
        TraditionalOptions.refuseWithTraditional("--capture", captureKind);
        TraditionalOptions.refuseWithTraditional("-i", devices);
        return List.of();
    }

    private ContainerAddress containerAddress() throws BadInputException {
        if (container == null) {
            return ContainerAddress.NONE;
        }
        OptionValue value = OptionValue.of("-D", container);
        int dash = container.indexOf('-');
        if (dash < 0) {
            throw value.wrong(TWO_ADDRESSES);
        }
        try {
            return new ContainerAddress(
                    value.part(0, dash).address(),
                    value.part(dash + 1, container.length()).address());
        } catch (BadInputException e) {
            throw value.wrong(TWO_ADDRESSES);
        }
    }

    private int maxBatch(TunnelFormat format) throws BadInputException {
        if (maxBatch == null) {
            return format.maxRecords();
        }
        OptionValue value = OptionValue.of("-n", maxBatch);
        if (!format.combined()) {
            throw value.refused("--disable-combined leaves nothing to combine");
        }
        return value.number(1, format.maxRecords());
    }

    /** How much of a response is wanted, from its IPv4 header on. */
    private static int packetLength(TunnelFormat format) {
        return HEADERS_LENGTH + (format.withPayload() ? TunnelFormat.MAX_PAYLOAD : 0);
    }

    private List<CaptureSettings> captures(TunnelFormat format) throws BadInputException, StartException {
        String expression = OptionValue.required("-F", filter, "a filter such as 'tcp and src port 80'")
                .text();
        CaptureKind kind = captureKind == null ? CaptureKind.AUTO : CaptureKind.read(captureKind, KINDS);
        List<String> names = CaptureOpener.devices(devices == null ? CaptureSettings.ANY : devices);
        CaptureOpener.checkFilter(expression, kind, names);
        ResponseCaptures captures = new ResponseCaptures(expression, packetLength(format));
        return names.stream().map(name -> captures.settings(kind, name)).toList();
    }

    /** What shells offer for {@code --capture}. */
    private static final class CaptureKinds implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return KINDS.stream().map(CaptureKind::text).iterator();
        }
    }
}
