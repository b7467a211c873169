package io.tcpcopy.tcpcopy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.diagnosis.Level;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.tcpcopy.returnpath.ReturnPathSettings;
import io.tcpcopy.tunnel.TunnelMode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections to what listens on loopback in place of an intercept. */
class InterceptCheckTest {
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    private Finding finding(boolean lonely) {
        Endpoint end = new Endpoint(Address.LOOPBACK, server.getLocalPort());
        ReturnPathSettings settings = new ReturnPathSettings(List.of(end), false, 1, TunnelMode.DEFAULT, lonely);
        return new InterceptCheck(settings).findings().get(0);
    }

    private interface Deed {
        void with(Socket accepted) throws IOException;
    }

    private CompletableFuture<Void> accept(Deed deed) {
        return CompletableFuture.runAsync(() -> {
            try {
                deed.with(server.accept());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void oneThatWaitsForTheVersionIsFineAndHearsNothing() {
        CompletableFuture<Void> silence =
                accept(accepted -> assertThat(accepted.getInputStream().read()).isEqualTo(-1));

        assertThat(finding(false).level()).isEqualTo(Level.OK);
        silence.join();
    }

    @Test
    void nobodyThereIsNamed() throws IOException {
        server.close();

        assertThat(finding(false).code()).isEqualTo(Code.INTERCEPT_REFUSES);
        assertThat(finding(false).level()).isEqualTo(Level.ERROR);
        assertThat(finding(true).level()).isEqualTo(Level.WARNING);
    }

    @Test
    void oneThatClosesAtOnceIsNamed() {
        accept(Socket::close);

        Finding finding = finding(false);
        assertThat(finding.code()).isEqualTo(Code.INTERCEPT_CLOSES);
        assertThat(finding.remedy()).startsWith("does its --allow name this host");
    }

    @Test
    void oneThatResetsIsNamedAsWell() {
        accept(accepted -> {
            accepted.setSoLinger(true, 0);
            accepted.close();
        });

        assertThat(finding(false).code()).isEqualTo(Code.INTERCEPT_CLOSES);
    }

    @Test
    void oneThatSpeaksFirstIsNoIntercept() {
        accept(accepted -> accepted.getOutputStream().write("SSH-2.0".getBytes(StandardCharsets.US_ASCII)));

        assertThat(finding(false).seen()).endsWith("speaks first, so it is no intercept");
    }
}
