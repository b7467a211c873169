package io.tcpcopy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class TcpNetworkTest {
    private static final Endpoint LOOPBACK_ANY_PORT = new Endpoint(Address.LOOPBACK, 0);

    private final TcpNetwork network = new TcpNetwork();

    @Test
    void listenerAcceptsAConnection() throws Exception {
        StreamListener listener = network.listen(LOOPBACK_ANY_PORT);
        assertThat(listener.accept().fd()).isEqualTo(-Errno.EAGAIN);

        try (Socket client =
                new Socket(InetAddress.getLoopbackAddress(), listener.local().port())) {
            ByteStream accepted = listener.accept();

            assertThat(accepted.fd()).isPositive();
            assertThat(accepted.peer()).isEqualTo(new Endpoint(Address.LOOPBACK, client.getLocalPort()));
            accepted.close();
        }
        listener.close();
    }

    @Test
    void portThatIsTakenIsOneClearSentence() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Endpoint taken = new Endpoint(Address.LOOPBACK, other.getLocalPort());
            assertThatThrownBy(() -> network.listen(taken))
                    .isInstanceOf(StartException.class)
                    .hasMessage("TC507: cannot listen on " + taken + ": Address already in use");
        }
    }

    @Test
    void streamReachesAListeningPeer() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ByteStream stream = network.connect(new Endpoint(Address.LOOPBACK, server.getLocalPort()));
            try (Socket accepted = server.accept()) {
                assertThat(stream.connectError()).isZero();
                assertThat(stream.silentMs()).isZero();
                assertThat(stream.local().port()).isEqualTo(accepted.getPort());
                assertThat(Libc.getOption(stream.fd(), Libc.SOL_SOCKET, Libc.SO_KEEPALIVE))
                        .isOne();
            }
            stream.close();
        }
    }

    @Test
    void aStreamMayBeginAtAnAddressOfThisHostAndAtNoOther() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Endpoint peer = new Endpoint(Address.LOOPBACK, server.getLocalPort());
            ByteStream stream = network.connect(Address.ipv4(0x7F000002), peer);
            try (Socket accepted = server.accept()) {
                assertThat(accepted.getInetAddress().getHostAddress()).isEqualTo("127.0.0.2");
            }
            stream.close();

            // Of a network for documentation (RFC 5737).
            assertThat(Errno.name(
                            -network.connect(Address.ipv4(0xC0000201), peer).fd()))
                    .isEqualTo("EADDRNOTAVAIL");
        }
    }
}
