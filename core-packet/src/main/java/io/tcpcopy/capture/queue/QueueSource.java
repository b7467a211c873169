package io.tcpcopy.capture.queue;

import io.tcpcopy.capture.PacketHandler;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.SourceLostException;
import io.tcpcopy.capture.WideCounter;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.netlink.PacketQueue;
import io.tcpcopy.net.netlink.QueuedPacket;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.ChecksumState;
import io.tcpcopy.packet.Ipv4Header;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the packets that a firewall rule with the target NFQUEUE stops. IPv4 packets are handed over; TCP is dropped, and so is what is
 * no valid packet. Those for the addresses of {@link QueueSettings#letThrough} are accepted and not handed over. What is not TCP, or
 * not IPv4, which a rule that is too wide may bring, is accepted. Arrival times are those of reading, by
 * {@link System#nanoTime}.
 */
final class QueueSource implements PacketSource {
    private static final Logger LOG = LoggerFactory.getLogger(QueueSource.class);

    private static final String NAME = "NFQUEUE " + PacketQueue.NUMBER;

    /** The kernel's counters, a line for each queue of this network namespace; only root may read it. */
    private static final Path KERNEL_COUNTERS = Path.of("/proc/thread-self/net/netfilter/nfnetlink_queue");
    /**
     * The line of our queue: its number, port of the socket, packets waiting, copy mode and range, packets dropped
     * because the queue was full, and because the socket's buffer was ({@code seq_show} of the kernel's
     * nfnetlink_queue.c).
     */
    private static final Pattern LINE_OF_QUEUE =
            Pattern.compile("\\s*" + PacketQueue.NUMBER + "(?:\\s+\\d+){4}\\s+(\\d{1,10})\\s+(\\d{1,10})\\s.*");

    private final QueueSettings settings;
    private final int[] letThroughAddresses;
    private final CapturedPacket captured = new CapturedPacket();
    private final Ipv4Header ip = new Ipv4Header();
    private final WideCounter queueFull = new WideCounter();
    private final WideCounter socketFull = new WideCounter();
    private PacketQueue queue;
    /** How often the kernel said that it had to drop packets. */
    private long overruns;

    private long notIpv4;
    private long letThrough;

    private QueueSource(QueueSettings settings) throws StartException {
        this.settings = settings;
        this.letThroughAddresses =
                settings.letThrough().stream().mapToInt(Integer::intValue).toArray();
        activate();
    }

    static QueueSource open(QueueSettings settings) throws StartException {
        QueueSource source = new QueueSource(settings);
        if (!Files.isReadable(KERNEL_COUNTERS)) {
            LOG.warn("{} cannot be read: what the kernel drops of {} is not counted", KERNEL_COUNTERS, NAME);
        }
        return source;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int descriptor() {
        return queue == null ? CLOSED : queue.fd();
    }

    @Override
    public int poll(PacketHandler handler, int limit) throws SourceLostException {
        if (queue == null) {
            throw SourceLostException.closed(NAME);
        }
        long nowNs = System.nanoTime();
        RuntimeException failure = null;
        int count = 0;
        while (count < limit && queue != null && next()) {
            count++;
            try {
                take(queue.packet(), handler, nowNs);
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (queue != null) {
            queue.sendVerdicts();
        }
        if (failure != null) {
            throw failure;
        }
        return count;
    }

    private boolean next() throws SourceLostException {
        int result = queue.next();
        while (result == -Errno.ENOBUFS) {
            overruns++;
            result = queue.next();
        }
        if (result < 0) {
            throw new SourceLostException("reading from " + NAME + " failed: " + Errno.message(-result));
        }
        return result > 0;
    }

    /** The verdict is noted before the packet is handed over, so that it does not depend on what the handler does. */
    private void take(QueuedPacket packet, PacketHandler handler, long nowNs) {
        if (!packet.isIpv4()) {
            notIpv4++;
            queue.verdict(true);
            return;
        }
        boolean whole = ip.wrap(packet.buffer(), packet.offset()).isValid(packet.length());
        if (whole && isLetThrough(ip.destination())) {
            letThrough++;
            queue.verdict(true);
            return;
        }
        queue.verdict(whole && ip.protocol() != Ipv4Header.PROTOCOL_TCP);
        captured.wrap(packet.buffer(), packet.offset(), packet.length(), packet.wireLength(), nowNs);
        if (!packet.isChecksumFilledIn()) {
            captured.checksum(ChecksumState.NOT_FILLED_IN);
        }
        handler.packet(captured);
    }

    private boolean isLetThrough(int address) {
        for (int other : letThroughAddresses) {
            if (other == address) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean reopen() {
        close();
        try {
            activate();
            return true;
        } catch (StartException e) {
            LOG.debug("{} cannot be opened again yet: {}", NAME, e.getMessage());
            return false;
        }
    }

    @Override
    public long notIpv4() {
        return notIpv4;
    }

    @Override
    public long letThrough() {
        return letThrough;
    }

    /** Where the kernel's counters may not be read, one for each time that it said that it had to drop packets. */
    @Override
    public long kernelDrops() {
        if (queue != null) {
            readKernelCounters();
        }
        return Math.max(overruns, queueFull.value() + socketFull.value());
    }

    private void readKernelCounters() {
        try {
            for (String line : Files.readAllLines(KERNEL_COUNTERS)) {
                Matcher counters = LINE_OF_QUEUE.matcher(line);
                if (counters.matches()) {
                    queueFull.update(Long.parseLong(counters.group(1)));
                    socketFull.update(Long.parseLong(counters.group(2)));
                }
            }
        } catch (IOException e) {
            LOG.debug("no counts of {}: {}", NAME, e.getMessage());
        }
    }

    @Override
    public void close() {
        if (queue != null) {
            readKernelCounters();
            queue.sendVerdicts();
            queue.close();
            // The number of its descriptor may soon be another's.
            queue = null;
        }
    }

    private void activate() throws StartException {
        queue = new PacketQueue(settings.length(), settings.snapshotLength());
        queueFull.restart();
        socketFull.restart();
    }
}
