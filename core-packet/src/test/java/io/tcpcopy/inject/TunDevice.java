package io.tcpcopy.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A device of which this program is the other end ({@code linux/if_tun.h}), in the network namespace of the thread. It leaves nothing
 * to a card: what leaves there is cut, and its checksums are filled in.
 */
public final class TunDevice implements AutoCloseable {
    private static final NativeLibrary LIBC = NativeLibrary.getInstance("c");
    private static final Function IOCTL = LIBC.getFunction("ioctl");
    private static final Function READ = LIBC.getFunction("read");

    private static final int O_RDWR_NONBLOCK = 2 | 0x800;
    private static final long TUNSETIFF = 0x400454CAL;
    private static final short IFF_TUN = 1;
    private static final short IFF_TAP = 2;
    private static final short IFF_NO_PI = 0x1000;
    /** {@code struct ifreq}: the name, and the flags behind it. */
    private static final int REQUEST_BYTES = 40;

    private static final int FLAGS_OFFSET = 16;
    private static final int MAX_FRAME = 70_000;

    private final int fd;
    private final Memory frame = new Memory(MAX_FRAME);

    private TunDevice(String name, short kind) {
        fd = LIBC.getFunction("open").invokeInt(new Object[] {"/dev/net/tun", O_RDWR_NONBLOCK});
        assertThat(fd).as("/dev/net/tun").isNotNegative();
        Memory request = new Memory(REQUEST_BYTES);
        request.clear();
        request.setString(0, name, StandardCharsets.US_ASCII.name());
        request.setShort(FLAGS_OFFSET, (short) (kind | IFF_NO_PI));
        assertThat(IOCTL.invokeInt(new Object[] {fd, TUNSETIFF, request})).isZero();
    }

    /** A device without a link layer. */
    public static TunDevice tun(String name) {
        return new TunDevice(name, IFF_TUN);
    }

    /** A device for Ethernet. */
    public static TunDevice tap(String name) {
        return new TunDevice(name, IFF_TAP);
    }

    /** The next packet that has left, with its Ethernet header on a device for Ethernet; empty if there is none. */
    public Optional<ByteBuffer> read() {
        int length = READ.invokeInt(new Object[] {fd, frame, (long) MAX_FRAME});
        return length < 0 ? Optional.empty() : Optional.of(ByteBuffer.wrap(frame.getByteArray(0, length)));
    }

    @Override
    public void close() {
        LIBC.getFunction("close").invokeInt(new Object[] {fd});
    }
}
