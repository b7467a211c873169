package io.tcpcopy.loop.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.loop.LoopDriver;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.TcpNetwork;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import jnr.constants.platform.RLIMIT;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import jnr.posix.RLimit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ListenerTest {
    private static final Endpoint LOOPBACK_ANY_PORT = new Endpoint(Address.LOOPBACK, 0);

    /** Below this all descriptors are taken, and poll(2) takes no more of them than the limit allows. */
    private static final int LOWEST_LIMIT = 3;

    private static final int RLIMIT_NOFILE = RLIMIT.RLIMIT_NOFILE.intValue();

    private final List<Socket> clients = new ArrayList<>();
    private final List<Integer> accepted = new ArrayList<>();
    private final TcpNetwork network = new TcpNetwork();
    private LoopDriver driver;
    private Listener listener;

    @BeforeEach
    void listen() throws Exception {
        driver = new LoopDriver();
        listener = new Listener(driver.loop(), network, LOOPBACK_ANY_PORT, stream -> {
            accepted.add(stream.peer().port());
            stream.close();
        });
    }

    @AfterEach
    void close() throws Exception {
        for (Socket client : clients) {
            client.close();
        }
        listener.close();
        driver.close();
    }

    @Test
    void everyWaitingConnectionIsAccepted() throws Exception {
        for (int i = 0; i < 40; i++) {
            clients.add(new Socket(
                    InetAddress.getLoopbackAddress(), listener.local().port()));
        }

        driver.runUntil("all accepted", () -> accepted.size() == 40);

        assertThat(accepted)
                .containsExactlyElementsOf(
                        clients.stream().map(Socket::getLocalPort).toList());
        assertThat(listener.failures()).isZero();
    }

    @Test
    void acceptedConnectionCarriesBytesBothWays() throws Exception {
        RecordingHandler handler = new RecordingHandler();
        ConnectionFactory factory = new ConnectionFactory(driver.loop(), network, 1000, WhenFull.REFUSE);
        try (Listener other = new Listener(
                        driver.loop(), network, LOOPBACK_ANY_PORT, stream -> factory.accepted(stream, handler));
                Socket client = new Socket(
                        InetAddress.getLoopbackAddress(), other.local().port())) {
            client.getOutputStream().write('x');
            driver.runUntil("received", () -> handler.received.length() == 1);
            client.shutdownOutput();
            driver.runUntil("closed", () -> handler.reasons.size() == 1);
        }
        assertThat(handler.connected).isZero();
    }

    @Test
    void listenerWithoutDescriptorsPausesAndThenAcceptsWhoWaited() throws Exception {
        POSIX posix = POSIXFactory.getNativePOSIX();
        RLimit before = posix.getrlimit(RLIMIT_NOFILE);
        clients.add(
                new Socket(InetAddress.getLoopbackAddress(), listener.local().port()));
        // Classes must be there already: loading one needs a descriptor.
        assertThat(Errno.message(jnr.constants.platform.Errno.EMFILE.intValue()))
                .isEqualTo("Too many open files");
        try {
            assertThat(posix.setrlimit(RLIMIT_NOFILE, LOWEST_LIMIT, before.rlimMax()))
                    .isZero();
            driver.runUntil("failed", () -> listener.failures() > 0);
            driver.runFor(50);
        } finally {
            posix.setrlimit(RLIMIT_NOFILE, before.rlimCur(), before.rlimMax());
        }
        assertThat(listener.failures()).isOne();
        assertThat(accepted).isEmpty();

        driver.runUntil("accepted", () -> accepted.size() == 1);
    }
}
