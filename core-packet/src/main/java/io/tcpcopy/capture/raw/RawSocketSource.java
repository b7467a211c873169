package io.tcpcopy.capture.raw;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureException.Reason;
import io.tcpcopy.capture.CaptureFilters;
import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.capture.PacketHandler;
import io.tcpcopy.capture.SocketSource;
import io.tcpcopy.capture.SourceLostException;
import io.tcpcopy.capture.WideCounter;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.MessageArray;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.net.OpenedTogether;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.Direction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/**
 * Captures the packets of one protocol that this host takes: a raw socket (raw(7)) gets a copy of each when it is about
 * to be delivered. It is whole by then (fragments are put together), has passed the firewall's INPUT rules, and has the
 * destination that DNAT gave it. Packets that this host sends or forwards, or that are for other hosts, are not
 * captured. Arrival times are the kernel's wall clock, which may be set.
 */
final class RawSocketSource extends SocketSource {
    /** Packets taken in one call: with so many, the call costs little beside its packets. */
    private static final int PACKETS_PER_CALL = 32;
    /** Bounds the reading of what came before the socket had its filter: many more than can come in that time. */
    private static final int MAX_UNFILTERED = 100_000;

    /** {@code IFNAMSIZ} of {@code linux/if.h}: the name of a device with the zero byte behind it. */
    private static final int MAX_NAME_LENGTH = 16;

    /** {@code struct cmsghdr} of cmsg(3), then {@code struct timespec}. */
    private static final int CONTROL_LENGTH = 32;

    private static final int CONTROL_TYPE_OFFSET = 12;
    private static final int SECONDS_OFFSET = 16;
    private static final int NANOSECONDS_OFFSET = 24;

    private final RawSettings settings;
    /** Its instructions, none for everything: opened again, the source does not ask a name server. */
    private final byte[] filter;

    private final NativeMemory packets;
    private final NativeMemory controls;
    private final CapturedPacket packet = new CapturedPacket();
    private final MessageArray messages = new MessageArray(PACKETS_PER_CALL);
    private final WideCounter drops = new WideCounter();

    private RawSocketSource(RawSettings settings) throws CaptureException {
        super(settings);
        this.settings = settings;
        filter = settings.filter().isEmpty()
                ? new byte[0]
                : CaptureFilters.compileForIp(settings.filter(), CaptureSettings.MAX_SNAPSHOT_LENGTH);
        packets = NativeMemory.allocate(PACKETS_PER_CALL * settings.snapshotLength(), ByteOrder.BIG_ENDIAN);
        controls = NativeMemory.allocate(PACKETS_PER_CALL * CONTROL_LENGTH, ByteOrder.nativeOrder());
        for (int i = 0; i < PACKETS_PER_CALL; i++) {
            int length = settings.snapshotLength();
            messages.bytes(i, packets.address(i * length, length), length);
        }
    }

    static RawSocketSource open(RawSettings settings) throws CaptureException {
        RawSocketSource source = new RawSocketSource(settings);
        source.activate();
        return source;
    }

    @Override
    public String description() {
        return name() + " (raw socket)";
    }

    @Override
    protected int read(PacketHandler handler, int limit) throws SourceLostException {
        RuntimeException failure = null;
        int captured = 0;
        int received;
        int wanted;
        do {
            wanted = Math.min(PACKETS_PER_CALL, limit - captured);
            received = receive(wanted);
            for (int i = 0; i < received && isOpen(); i++) {
                try {
                    deliver(i, handler);
                } catch (RuntimeException e) {
                    failure = failure == null ? e : failure;
                }
            }
            captured += received;
        } while (received == wanted && captured < limit && isOpen());
        if (failure != null) {
            throw failure;
        }
        return captured;
    }

    /** Always 0: the socket is one for IPv4. */
    @Override
    public long notIpv4() {
        return 0;
    }

    /** When the buffer is full, the kernel also counts packets that the filter would not have taken. */
    @Override
    public long kernelDrops() {
        if (isOpen()) {
            long reading = Libc.drops(descriptor());
            if (reading >= 0) {
                drops.update(reading);
            }
        }
        return drops.value();
    }

    @Override
    protected void closing() {
        kernelDrops();
    }

    @Override
    protected int openSocket() throws CaptureException {
        int type = Libc.SOCK_RAW | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC;
        try (OpenedTogether opened = new OpenedTogether()) {
            int socket = opened.add(check(Libc.socket(Libc.AF_INET, type, settings.protocol())), Libc::close);
            if (filter.length > 0) {
                check(Libc.attachFilter(socket, filter));
            }
            if (!settings.isAny()) {
                bind(socket);
            }
            check(Libc.setOption(socket, Libc.SOL_SOCKET, Libc.SO_TIMESTAMPNS, 1));
            setReceiveBuffer(socket, settings.bufferBytes());
            discardUnfiltered(socket);
            drops.restart();
            opened.keep();
            return socket;
        }
    }

    private void bind(int opened) throws CaptureException {
        byte[] device = name().getBytes(UTF_8);
        // The kernel would shorten a longer name, which might become that of another device.
        int result = device.length < MAX_NAME_LENGTH
                ? Libc.setOption(opened, Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, device)
                : -Errno.ENODEV;
        if (result == -Errno.ENODEV) {
            throw new CaptureException(Reason.UNUSABLE_DEVICE, "there is no device " + name());
        }
        check(result);
    }

    /** Reads what came before the socket had its filter and its device. */
    private void discardUnfiltered(int opened) {
        int length = settings.snapshotLength();
        int discarded = 0;
        while (discarded < MAX_UNFILTERED && Libc.receive(opened, packets.address(0, length), length, 0) >= 0) {
            discarded++;
        }
    }

    /** Returns how many packets were there. */
    private int receive(int number) throws SourceLostException {
        for (int i = 0; i < number; i++) {
            messages.control(i, controls.address(i * CONTROL_LENGTH, CONTROL_LENGTH), CONTROL_LENGTH);
        }
        int received = Libc.receiveMessages(descriptor(), messages.address(0, number), number, Libc.MSG_TRUNC);
        if (received >= 0) {
            return received;
        }
        if (received == -Errno.EAGAIN || received == -Errno.EINTR) {
            return 0;
        }
        throw new SourceLostException("capture on " + name() + " failed: " + Errno.message(-received));
    }

    private void deliver(int index, PacketHandler handler) {
        int offset = index * settings.snapshotLength();
        int wireLength = messages.transferred(index);
        int length = Math.min(wireLength, settings.snapshotLength());
        packet.wrap(packets.buffer(), offset, length, wireLength, arrivalNs(index))
                .direction(Direction.INBOUND);
        handler.packet(packet);
    }

    private long arrivalNs(int index) {
        ByteBuffer buffer = controls.buffer();
        int control = index * CONTROL_LENGTH;
        boolean stamped = messages.controlLength(index) == CONTROL_LENGTH
                && buffer.getInt(control + CONTROL_TYPE_OFFSET) == Libc.SO_TIMESTAMPNS;
        return stamped
                ? TimeUnit.SECONDS.toNanos(buffer.getLong(control + SECONDS_OFFSET))
                        + buffer.getLong(control + NANOSECONDS_OFFSET)
                : TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    }

    /** The kernel does not report it to a bound socket, which just gets nothing more. */
    @Override
    protected boolean isDeviceGone() {
        return !settings.isAny()
                && Libc.getOption(descriptor(), Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, new byte[MAX_NAME_LENGTH])
                        == -Errno.ENODEV;
    }
}
