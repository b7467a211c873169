package io.tcpcopy.intercept.doctor;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.doctor.Host;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.TcpNetwork;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Whether intercept could listen for tcpcopys. */
final class ListenCheck {
    /** How {@code ss -p} names a process: {@code users:(("java",pid=17,fd=9))}. */
    private static final Pattern PROCESS = Pattern.compile("\\(\\(\"([^\"]+)\",pid=(\\d+)");

    private static final int PID = 2;

    /** A word of the command line of each intercept, by whatever name it was started. */
    private static final String MAIN_CLASS = "io.tcpcopy.intercept.Intercept";

    private final Host host;

    ListenCheck(Host host) {
        this.host = host;
    }

    Finding finding(Endpoint end) {
        String where = end.address().isAny() ? "port " + end.port() : end.toString();
        int result = TcpNetwork.tryBinding(end);
        if (result >= 0) {
            return Finding.ok(Code.LISTEN_PORT, where + " is free to listen on");
        }
        if (result == -Errno.EADDRINUSE) {
            return inUse(where, owner(end.port()));
        }
        return Finding.error(
                Code.LISTEN_PORT,
                "intercept cannot listen on " + where + ": " + Errno.message(-result),
                "-b takes an address of this host (ip address show), and -p a port from 1024 on without root");
    }

    private Optional<MatchResult> owner(int port) {
        String listeners = host.output("ss", "-Hltnp", "sport = :" + port).orElse("");
        return PROCESS.matcher(listeners).results().findFirst();
    }

    private Finding inUse(String where, Optional<MatchResult> owner) {
        String process = owner.map(found -> " by process " + found.group(PID) + " (" + found.group(1) + ")")
                .orElse("");
        if (owner.isPresent() && isIntercept(owner.get().group(PID))) {
            return Finding.ok(Code.LISTEN_PORT, where + " is in use" + process + ", an intercept");
        }
        return Finding.warning(
                Code.LISTEN_PORT,
                where + " is in use" + process + ": an intercept may be running",
                "end it before another one starts, or give that one another port: -p, and tcpcopy's -s ADDRESS:PORT");
    }

    private boolean isIntercept(String pid) {
        if (pid.equals("" + ProcessHandle.current().pid())) {
            return true;
        }
        String words = host.file("/proc/" + pid + "/cmdline").orElse("");
        return List.of(words.split("\0")).contains(MAIN_CLASS);
    }
}
