package io.tcpcopy.tcpcopy.doctor;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.doctor.Checkup;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.net.SocketAddress;
import io.tcpcopy.tcpcopy.returnpath.ReturnPathSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;

/** Whether each intercept lets this host connect. Nothing is written: a version would count as a tcpcopy that comes. */
final class InterceptCheck {
    private static final int CONNECT_MS = 1800;
    /** An intercept that does not want this host closes at once; others wait for the version. */
    private static final int CLOSE_MS = 300;

    private static final String REFUSED = "refused";
    private static final String RESET = "reset";

    private final ReturnPathSettings settings;

    InterceptCheck(ReturnPathSettings settings) {
        this.settings = settings;
    }

    List<Finding> findings() {
        try (Checkup checkup = new Checkup()) {
            settings.intercepts().forEach(intercept -> checkup.add(() -> List.of(finding(intercept))));
            return checkup.findings().all();
        }
    }

    private Finding finding(Endpoint intercept) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(CLOSE_MS);
            socket.connect(
                    new InetSocketAddress(SocketAddress.inet(intercept.address()), intercept.port()), CONNECT_MS);
            return connected(intercept, socket);
        } catch (SocketTimeoutException e) {
            return unreachable(intercept, "does not answer within " + CONNECT_MS + " ms");
        } catch (IOException e) {
            return failed(intercept, String.valueOf(e.getMessage()));
        }
    }

    private Finding connected(Endpoint intercept, Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0
                    ? closed(intercept)
                    : broken(
                            Code.INTERCEPT_CLOSES,
                            "what listens on " + intercept + " speaks first, so it is no intercept",
                            "name the intercept with -s");
        } catch (SocketTimeoutException e) {
            return Finding.ok(Code.INTERCEPT_REFUSES, "an intercept listens on " + intercept);
        }
    }

    /** With the words that the JDK takes from the error's number. */
    private Finding failed(Endpoint intercept, String words) {
        if (words.contains(REFUSED)) {
            return broken(
                    Code.INTERCEPT_REFUSES,
                    "no intercept listens on " + intercept + ": connection refused",
                    start(intercept));
        }
        return words.contains(RESET) ? closed(intercept) : unreachable(intercept, "cannot be reached: " + words);
    }

    private Finding closed(Endpoint intercept) {
        return broken(
                Code.INTERCEPT_CLOSES,
                "intercept on " + intercept + " closes the connection at once",
                "does its --allow name this host (src in what \"ip route get " + intercept.address()
                        + "\" shows)? With --single -c it takes one tcpcopy alone; its log says why");
    }

    private Finding unreachable(Endpoint intercept, String how) {
        return broken(
                Code.INTERCEPT_UNREACHABLE,
                "the intercept " + intercept + " " + how,
                "is that host up, and does a firewall on the way drop TCP to port " + intercept.port()
                        + "? ip route get " + intercept.address());
    }

    private String start(Endpoint intercept) {
        return settings.onTargets()
                ? "-s names the intercept; without it, one is expected on each target: intercept --traditional"
                : "start intercept on " + intercept.address() + ", with -p " + intercept.port();
    }

    /** With -L the copy starts all the same. */
    private Finding broken(Code code, String seen, String remedy) {
        return settings.lonely() ? Finding.warning(code, seen, remedy) : Finding.error(code, seen, remedy);
    }
}
