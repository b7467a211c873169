package io.tcpcopy.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class TcpSocketTest {
    private static final Endpoint LOOPBACK_ANY_PORT = new Endpoint(Address.LOOPBACK, 0);

    @Test
    void listeningSocketAcceptsAConnection() throws Exception {
        int listening = TcpSocket.listen(LOOPBACK_ANY_PORT);
        assertThat(TcpSocket.accept(listening)).isEqualTo(-Errno.EAGAIN);

        try (Socket client = new Socket(
                InetAddress.getLoopbackAddress(), Libc.local(listening).port())) {
            int accepted = TcpSocket.accept(listening);

            assertThat(accepted).isPositive();
            assertThat(Libc.peer(accepted)).isEqualTo(new Endpoint(Address.LOOPBACK, client.getLocalPort()));
            Libc.close(accepted);
        }
        Libc.close(listening);
    }

    @Test
    void portThatIsTakenIsAnError() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(TcpSocket.listen(new Endpoint(Address.LOOPBACK, other.getLocalPort())))
                    .isEqualTo(-jnr.constants.platform.Errno.EADDRINUSE.intValue());
        }
    }

    @Test
    void connectionReachesAListeningPeer() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int fd = TcpSocket.connect(new Endpoint(Address.LOOPBACK, server.getLocalPort()));
            try (Socket accepted = server.accept()) {
                assertThat(Libc.getOption(fd, Libc.SOL_SOCKET, Libc.SO_ERROR)).isZero();
                assertThat(Libc.local(fd).port()).isEqualTo(accepted.getPort());
                assertThat(Libc.getOption(fd, Libc.SOL_SOCKET, Libc.SO_KEEPALIVE))
                        .isOne();
            }
            Libc.close(fd);
        }
    }
}
