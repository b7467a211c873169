package io.tcpcopy.intercept.doctor;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.doctor.Host;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.TcpNetwork;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether intercept could listen for tcpcopys. */
final class ListenCheck {
    /** How {@code ss -p} names a process: {@code users:(("java",pid=17,fd=9))}. */
    private static final Pattern PROCESS = Pattern.compile("\\(\\(\"([^\"]+)\",pid=(\\d+)");

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
            return Finding.warning(
                    Code.LISTEN_PORT,
                    where + " is in use" + owner(end.port()) + ": an intercept may be running",
                    "end it before another one starts, or give that one another port: -p, and tcpcopy's -s ADDRESS:PORT");
        }
        return Finding.error(
                Code.LISTEN_PORT,
                "intercept cannot listen on " + where + ": " + Errno.message(-result),
                "-b takes an address of this host (ip address show), and -p a port from 1024 on without root");
    }

    private String owner(int port) {
        Matcher process =
                PROCESS.matcher(host.output("ss", "-Hltnp", "sport = :" + port).orElse(""));
        return process.find() ? " by process " + process.group(2) + " (" + process.group(1) + ")" : "";
    }
}
