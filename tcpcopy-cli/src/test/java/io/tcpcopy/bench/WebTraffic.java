package io.tcpcopy.bench;

import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Load;
import io.tcpcopy.lab.RequestRecord;
import io.tcpcopy.lab.Tally;
import io.tcpcopy.lab.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests for nginx; each has a number of its own, and both servers log it. */
final class WebTraffic implements Traffic {

    private static final int PORT = 8080;
    private static final Duration TIME_TO_START = Duration.ofSeconds(10);
    private static final Duration LONGEST_LOAD = Duration.ofMinutes(3);
    private static final int REQUESTS_THAT_TELL = 2000;
    private static final Pattern SECONDS = Pattern.compile("in ([0-9.]+) s");

    private final LabHosts lab;
    private final Row row;
    private final LineCount online;
    private final LineCount target;
    private HostProcess clients;

    WebTraffic(LabHosts lab, Row row) {
        this.lab = lab;
        this.row = row;
        this.online = serve(Host.ONLINE);
        this.target = serve(Host.TARGET);
    }

    private LineCount serve(Host host) {
        String name = host.name().toLowerCase(Locale.ROOT);
        Path log = log(name);
        HostProcess server = lab.start(
                "web-" + name,
                host,
                LabHosts.script("lib/web-server"),
                name,
                "" + PORT,
                log.getParent().toString());
        Waiting.until("nginx listens", TIME_TO_START, () -> {
            server.mustRun();
            return lab.listens(host, PORT);
        });
        return new LineCount(log);
    }

    private Path log(String name) {
        return lab.file(name + ".requests");
    }

    @Override
    public int port() {
        return PORT;
    }

    @Override
    public void start() {
        List<String> arguments = new ArrayList<>(List.of(
                "--server",
                lab.address("ONLINE") + ":" + PORT,
                "--clients",
                lab.address("CLIENT_PREFIX") + ".1-" + row.addresses(),
                "--run",
                row.name(),
                "--log",
                log("client").toString()));
        arguments.addAll(row.loadOptions());
        clients = lab.startJava("client", Host.CLIENT, Load.class, arguments.toArray(String[]::new));
    }

    @Override
    public void awaitRunning() {
        Waiting.until("the clients send", TIME_TO_START, () -> online.lines() >= REQUESTS_THAT_TELL);
    }

    @Override
    public double complete() {
        int status = clients.waitFor(LONGEST_LOAD);
        Matcher seconds = SECONDS.matcher(clients.output());
        if (status != 0 || !seconds.find()) {
            throw new AssertionError("the load generator: " + clients.output());
        }
        return Double.parseDouble(seconds.group(1));
    }

    @Override
    public long arrived() {
        return target.lines();
    }

    @Override
    public long expected() {
        return row.startsInTheMiddle() ? Long.MAX_VALUE : online.lines() * row.copies();
    }

    @Override
    public Outcome outcome() {
        List<RequestRecord> sent = read("client");
        Tally atOnline = Tally.of(sent, read("online"));
        if (!atOnline.isExact()) {
            throw new AssertionError("at the online server: " + atOnline);
        }
        List<RequestRecord> copies = read("target");
        Tally tally = row.startsInTheMiddle()
                ? Tally.fromFirstArrivalOn(sent, copies)
                : Tally.ofCopies(row.copies(), sent, copies);
        boolean otherFault = !(tally.altered().isEmpty()
                && tally.disordered().isEmpty()
                && tally.unknown().isEmpty());
        return new Outcome(
                tally.sent(), tally.lost().size(), tally.doubled().size(), otherFault ? tally.toString() : "");
    }

    private List<RequestRecord> read(String name) {
        return RequestRecord.readAll(log(name));
    }
}
