package io.tcpcopy.capture;

import io.tcpcopy.capture.CaptureException.Reason;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.StartException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A source that captures on a device, or all, through a socket of its own. */
public abstract class SocketSource implements PacketSource {
    private static final Logger LOG = LoggerFactory.getLogger(SocketSource.class);

    private final CaptureSettings settings;
    private final CardDrops cardDrops;
    private int fd = CLOSED;

    /** A source that is closed; to be {@link #activate}d by whoever makes it. */
    protected SocketSource(CaptureSettings settings) {
        this.settings = settings;
        cardDrops = new CardDrops(settings.device());
    }

    /**
     * Opens a socket that captures.
     *
     * @return its descriptor
     * @throws CaptureException when it cannot; nothing is left open
     */
    protected abstract int openSocket() throws CaptureException;

    /** Hands over what is there: {@link PacketSource#poll} of a source that is open. */
    protected abstract int read(PacketHandler handler, int limit) throws SourceLostException;

    /** Whether the device went away since the source was opened; asked when nothing was there. */
    protected abstract boolean isDeviceGone();

    /** The source is about to be closed: its socket still is what it was. */
    protected abstract void closing();

    /** Begins to capture. */
    protected final void activate() throws CaptureException {
        fd = openSocket();
    }

    @Override
    public final String name() {
        return settings.device();
    }

    @Override
    public final long cardDrops() {
        return cardDrops.value();
    }

    @Override
    public final int descriptor() {
        return fd;
    }

    /** Whether the source is open; a handler may have closed it. */
    protected final boolean isOpen() {
        return fd != CLOSED;
    }

    @Override
    public final int poll(PacketHandler handler, int limit) throws SourceLostException {
        if (!isOpen()) {
            throw SourceLostException.closed(name());
        }
        int captured = read(handler, limit);
        if (captured == 0 && isDeviceGone()) {
            throw new SourceLostException("the device " + name() + " is gone");
        }
        return captured;
    }

    @Override
    public final boolean reopen() {
        close();
        try {
            activate();
            return true;
        } catch (CaptureException e) {
            LOG.debug("{} cannot be opened again yet: {}", name(), e.getMessage());
            return false;
        }
    }

    @Override
    public final void close() {
        if (isOpen()) {
            closing();
            Libc.close(fd);
            fd = CLOSED;
        }
    }

    /**
     * Makes the receive buffer of a socket as large as it may be.
     *
     * @param wantedBytes how large it should be
     * @return whether it is; if not, the log says what helps
     */
    protected static boolean setReceiveBuffer(int socket, int wantedBytes) {
        if (Libc.setOption(socket, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, wantedBytes) >= 0) {
            return true;
        }
        Libc.setOption(socket, Libc.SOL_SOCKET, Libc.SO_RCVBUF, wantedBytes);
        int bytes = Libc.getOption(socket, Libc.SOL_SOCKET, Libc.SO_RCVBUF) / 2;
        if (bytes < wantedBytes) {
            LOG.warn(
                    "the capture's socket has a buffer of {} KB, not {}: more need CAP_NET_ADMIN, or a larger net.core.rmem_max",
                    bytes >> 10,
                    wantedBytes >> 10);
        }
        return bytes >= wantedBytes;
    }

    /**
     * Passes on the result of a call of {@link Libc}.
     *
     * @throws CaptureException when it is an errno
     */
    protected final int check(int result) throws CaptureException {
        if (result == -Errno.EPERM || result == -Errno.EACCES) {
            throw new CaptureException(
                    Reason.NOT_PERMITTED,
                    "no permission to capture on " + name() + ": " + StartException.NET_RAW_NEEDED);
        }
        if (result < 0) {
            throw new CaptureException(Reason.FAILED, "cannot capture on " + name() + ": " + Errno.message(-result));
        }
        return result;
    }
}
