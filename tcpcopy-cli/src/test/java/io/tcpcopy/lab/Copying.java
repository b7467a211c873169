package io.tcpcopy.lab;

import io.tcpcopy.lab.LabHosts.Host;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The two programs that copy a service of the online host to the target. */
public class Copying {

    /** Where intercept listens. */
    public static final int TUNNEL_PORT = 36524;

    private static final Duration TIME_TO_START = Duration.ofSeconds(20);
    private static final Duration TIME_TO_RECONNECT = Duration.ofSeconds(20);

    private final LabHosts lab;
    private final int port;
    private final Programs programs;
    private Host interceptHost = Host.ASSISTANT;
    private HostProcess intercept;
    private HostProcess tcpcopy;

    /** Nothing is started yet; the service has this port on both hosts. */
    public Copying(LabHosts lab, int port) {
        this(lab, port, Programs.OURS);
    }

    /** The same with other programs. */
    public Copying(LabHosts lab, int port, Programs programs) {
        this.lab = lab;
        this.port = port;
        this.programs = programs;
    }

    /** Starts intercept on the assistant host, for the service's responses, with these options more. */
    public HostProcess startIntercept(String... moreOptions) {
        Stream<String> options = Stream.of("-F", "tcp and src port " + port);
        return startIntercept(Host.ASSISTANT, Stream.concat(options, Stream.of(moreOptions)));
    }

    /** Starts intercept on the target host, where it takes the responses from NFQUEUE, with these options more. */
    public HostProcess startTraditionalIntercept(String... moreOptions) {
        return startIntercept(Host.TARGET, Stream.concat(Stream.of("--traditional"), Stream.of(moreOptions)));
    }

    private HostProcess startIntercept(Host host, Stream<String> options) {
        interceptHost = host;
        intercept = lab.start("intercept", host, command(programs.intercept(), options));
        Waiting.until("intercept listens", TIME_TO_START, () -> {
            intercept.mustRun();
            return lab.listens(host, TUNNEL_PORT);
        });
        return intercept;
    }

    /** Starts tcpcopy with its defaults and these options more. */
    public HostProcess startTcpcopy(String... moreOptions) {
        Stream<String> options = whatToCopy();
        tcpcopy = lab.start(
                "tcpcopy", Host.ONLINE, command(programs.tcpcopy(), Stream.concat(options, Stream.of(moreOptions))));
        Waiting.until("tcpcopy copies", TIME_TO_START, () -> {
            tcpcopy.mustRun();
            return isConnected() && isCapturing();
        });
        return tcpcopy;
    }

    /** Starts tcpcopy to replay a capture file of the service, with these options more; it ends by itself. */
    public HostProcess replay(Path capture, String... moreOptions) {
        Stream<String> options = Stream.concat(Stream.of("--offline", "-i", capture.toString()), whatToCopy());
        tcpcopy = lab.start(
                "tcpcopy", Host.ONLINE, command(programs.tcpcopy(), Stream.concat(options, Stream.of(moreOptions))));
        return tcpcopy;
    }

    /** An intercept on the target is where tcpcopy expects it. */
    private Stream<String> whatToCopy() {
        Stream<String> transfer = Stream.of("-x", port + "-" + lab.address("TARGET") + ":" + port);
        return interceptHost == Host.TARGET
                ? transfer
                : Stream.concat(transfer, Stream.of("-s", lab.address(interceptHost.name())));
    }

    private static String[] command(List<String> program, Stream<String> options) {
        return Stream.concat(program.stream(), options).toArray(String[]::new);
    }

    /** Whether tcpcopy has a connection to intercept. */
    public boolean isConnected() {
        return !lab.run(Host.ONLINE, "ss", "-Htn", "state", "established", "dport = :" + TUNNEL_PORT)
                .isBlank();
    }

    private boolean isCapturing() {
        // A line of heading, one for each packet socket; or a raw socket for TCP (protocol 6), as the original opens
        // it.
        return lab.run(Host.ONLINE, "cat", "/proc/net/packet").lines().count() > 1
                || lab.run(Host.ONLINE, "cat", "/proc/net/raw").contains(":0006 ");
    }

    /** The tcpcopy started last; null before. */
    public HostProcess tcpcopy() {
        return tcpcopy;
    }

    /** The intercept started last; null before. */
    public HostProcess intercept() {
        return intercept;
    }

    /** Takes the target off the network. */
    public void disconnectTarget() {
        lab.run(Host.TARGET, "ip", "link", "set", "back", "down");
    }

    /** Brings the target back to the network, and waits until the online host has noticed. */
    public void reconnectTarget() {
        plugTargetIn();
        Waiting.until(
                "the target is reachable",
                TIME_TO_RECONNECT,
                () -> lab.run(Host.ONLINE, "ip", "neighbour", "show", lab.address("TARGET"))
                        .matches("(?s).*(REACHABLE|STALE|DELAY).*"));
    }

    /** Brings the target back to the network; nobody may have asked for it meanwhile. */
    public void plugTargetIn() {
        lab.run(Host.TARGET, "ip", "link", "set", "back", "up");
        // The kernel forgot the route when the link went down.
        lab.run(Host.TARGET, "ip", "route", "replace", lab.address("CLIENT_NET"), "via", lab.address("ASSISTANT"));
    }

    /** Starts both programs with their defaults. */
    public void startCopying() {
        startIntercept();
        startTcpcopy();
    }

    /**
     * Stops both programs and asserts that they end in peace, tcpcopy with a balanced ledger, and knowing what became of
     * every packet that its sessions made.
     *
     * @return the ledger
     */
    public FinalLedger stopCopying() {
        tcpcopy.endInPeace();
        intercept.endInPeace();
        FinalLedger ledger = FinalLedger.parse(tcpcopy.output());
        ledger.assertBalances();
        FinalInjection.parse(tcpcopy.output()).assertComplete();
        return ledger;
    }

    /** The same once all is acknowledged that was copied, and asserts that it is all that clients sent. */
    public FinalLedger stopCompleteCopying() {
        FinalLedger.awaitDelivery(tcpcopy);
        FinalLedger ledger = stopCopying();
        ledger.assertNothingMissing();
        return ledger;
    }
}
