package io.tcpcopy.intercept.doctor;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.doctor.Host;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.TcpNetwork;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Whether intercept could listen for tcpcopys. */
final class ListenCheck {
    /** How {@code ss -p} names a process: {@code users:(("java",pid=17,fd=9))}. */
    private static final Pattern PROCESS = Pattern.compile("\\(\\(\"([^\"]+)\",pid=(\\d+)");

    private static final int PID = 2;

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
            Optional<MatchResult> owner = owner(end.port());
            if (owner.isPresent()
                    && owner.get()
                            .group(PID)
                            .equals("" + ProcessHandle.current().pid())) {
                return Finding.ok(Code.LISTEN_PORT, "this process listens on " + where);
            }
            return Finding.warning(
                    Code.LISTEN_PORT,
                    where + " is in use" + owner.map(ListenCheck::words).orElse("") + ": an intercept may be running",
                    "end it before another one starts, or give that one another port: -p, and tcpcopy's -s ADDRESS:PORT");
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

    private static String words(MatchResult process) {
        return " by process " + process.group(PID) + " (" + process.group(1) + ")";
    }
}
