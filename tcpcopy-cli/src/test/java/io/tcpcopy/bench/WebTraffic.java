package io.tcpcopy.bench;

import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Load;
import io.tcpcopy.lab.NginxServer;
import io.tcpcopy.lab.RequestRecord;
import io.tcpcopy.lab.Tally;
import io.tcpcopy.lab.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Requests for nginx; each has a number of its own, and both servers log it. */
final class WebTraffic implements Traffic {

    private static final Duration TIME_TO_START = Duration.ofSeconds(10);
    private static final Duration LONGEST_LOAD = Duration.ofMinutes(3);
    private static final int REQUESTS_THAT_TELL = 2000;
    private static final Pattern SECONDS = Pattern.compile("in ([0-9.]+) s");

    private final LabHosts lab;
    private final Row row;
    private final NginxServer onlineServer;
    private final NginxServer targetServer;
    private final LineCount online;
    private final LineCount target;
    private HostProcess clients;

    WebTraffic(LabHosts lab, Row row) {
        this.lab = lab;
        this.row = row;
        this.onlineServer = new NginxServer(lab, Host.ONLINE);
        this.targetServer = new NginxServer(lab, Host.TARGET);
        this.online = new LineCount(onlineServer.log());
        this.target = new LineCount(targetServer.log());
    }

    private Path clientLog() {
        return lab.file("client.requests");
    }

    @Override
    public int port() {
        return NginxServer.PORT;
    }

    @Override
    public void start() {
        List<String> arguments = new ArrayList<>(List.of(
                "--server",
                lab.address("ONLINE") + ":" + NginxServer.PORT,
                "--clients",
                lab.address("CLIENT_PREFIX") + ".1-" + row.addresses(),
                "--run",
                row.name(),
                "--log",
                clientLog().toString()));
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
        return row.course() == Row.Course.IN_THE_MIDDLE ? Long.MAX_VALUE : online.lines() * row.copies();
    }

    @Override
    public Outcome outcome() {
        List<RequestRecord> sent = RequestRecord.readAll(clientLog());
        Tally atOnline = Tally.of(sent, onlineServer.requests());
        if (!atOnline.isExact()) {
            throw new AssertionError("at the online server: " + atOnline);
        }
        List<RequestRecord> copies = targetServer.requests();
        Tally tally = row.course() == Row.Course.IN_THE_MIDDLE
                ? Tally.fromFirstArrivalOn(sent, copies)
                : Tally.ofCopies(row.copies(), sent, copies);
        boolean otherFault = !(tally.altered().isEmpty()
                && tally.disordered().isEmpty()
                && tally.unknown().isEmpty());
        return new Outcome(
                tally.sent(), tally.lost().size(), tally.doubled().size(), otherFault ? tally.toString() : "");
    }
}
