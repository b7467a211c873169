package io.tcpcopy.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LibcTest {
    private static final int EBADF = 9;
    private static final Endpoint LOOPBACK_ANY_PORT = new Endpoint(Address.LOOPBACK, 0);

    @Test
    void platformOfTheTestsIsSupported() {
        assertThatCode(Libc::checkPlatform).doesNotThrowAnyException();
    }

    @Test
    void failureIsTheErrnoWithAMinusSign() {
        assertThat(Libc.close(-1)).isEqualTo(-EBADF);
        assertThat(Libc.listen(-1, 1)).isEqualTo(-EBADF);
        assertThat(Libc.socket(-1, 0, 0)).isNegative().isNotEqualTo(-EBADF);
    }

    @Test
    void optionThatWasSetIsRead() {
        int fd = Libc.socket(Libc.AF_INET, Libc.SOCK_STREAM | Libc.SOCK_CLOEXEC, 0);

        assertThat(Libc.getOption(fd, Libc.SOL_SOCKET, Libc.SO_REUSEADDR)).isZero();
        assertThat(Libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1)).isZero();
        assertThat(Libc.getOption(fd, Libc.SOL_SOCKET, Libc.SO_REUSEADDR)).isOne();

        Libc.close(fd);
    }

    @Test
    void bytesFromTheMiddleOfMemoryLeaveAndArriveInTheMiddle() throws Exception {
        NativeMemory memory = NativeMemory.allocate(64, ByteOrder.BIG_ENDIAN);
        try (DatagramSocket peer = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            int fd = boundDatagramSocket();
            Libc.connect(fd, SocketAddress.ipv4(new Endpoint(Address.LOOPBACK, peer.getLocalPort())));
            memory.buffer().put(8, "request".getBytes(US_ASCII));

            assertThat(Libc.send(fd, memory.address(8, 7), 7, Libc.MSG_NOSIGNAL))
                    .isEqualTo(7);
            DatagramPacket packet = new DatagramPacket(new byte[64], 64);
            peer.receive(packet);
            byte[] received = Arrays.copyOf(packet.getData(), packet.getLength());
            peer.send(new DatagramPacket(received, received.length, packet.getSocketAddress()));

            assertThat(received).asString(US_ASCII).isEqualTo("request");
            assertThat(Libc.receive(fd, memory.address(32, 32), 32, 0)).isEqualTo(7);
            byte[] echo = new byte[7];
            memory.buffer().get(32, echo);
            assertThat(echo).isEqualTo(received);
            Libc.close(fd);
        }
    }

    @Test
    void nothingToReadIsEagain() {
        int fd = boundDatagramSocket();
        NativeMemory memory = NativeMemory.allocate(8, ByteOrder.BIG_ENDIAN);

        assertThat(Libc.receive(fd, memory.address(0, 8), 8, 0)).isEqualTo(-Errno.EAGAIN);

        Libc.close(fd);
    }

    @Test
    void rangeOutsideOfMemoryHasNoAddress() {
        NativeMemory memory = NativeMemory.allocate(16, ByteOrder.BIG_ENDIAN);

        assertThat(memory.address(16, 0) - memory.address(0, 16)).isEqualTo(16);
        assertThatThrownBy(() -> memory.address(8, 9)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> memory.address(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void errnoHasNameAndMessage() {
        assertThat(Errno.name(Errno.EMSGSIZE)).isEqualTo("EMSGSIZE");
        assertThat(Errno.message(Errno.EMSGSIZE)).isEqualTo("Message too long");
        assertThat(Errno.name(4095)).isEqualTo("4095");
        assertThat(Errno.message(4095)).isEqualTo("error 4095");
    }

    /** A non-blocking socket on a port of its own. */
    private static int boundDatagramSocket() {
        int fd = Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, 0);
        assertThat(Libc.bind(fd, SocketAddress.ipv4(LOOPBACK_ANY_PORT))).isZero();
        Endpoint local = Libc.local(fd);
        assertThat(local.address()).isEqualTo(Address.LOOPBACK);
        assertThat(local.port()).isPositive();
        return fd;
    }
}
