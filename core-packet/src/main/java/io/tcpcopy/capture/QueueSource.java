package io.tcpcopy.capture;

import io.tcpcopy.net.Errno;
import io.tcpcopy.net.PacketQueue;
import io.tcpcopy.net.QueuedPacket;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.Ipv4Header;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the packets that a firewall rule with the target NFQUEUE stops. They are handed over and end here. Those for
 * addresses that are let through are not handed over and go on; so does what is not TCP over IPv4, which a rule that is
 * too wide may bring. Arrival times are those of reading, by {@link System#nanoTime}.
 */
public final class QueueSource implements PacketSource {
    private static final Logger LOG = LoggerFactory.getLogger(QueueSource.class);

    private static final String NAME = "NFQUEUE " + PacketQueue.NUMBER;

    /** A line for each queue of this network namespace; only root may read it. */
    private static final Path COUNTS = Path.of("/proc/thread-self/net/netfilter/nfnetlink_queue");
    /**
     * Our line in it: number, port of the socket, packets waiting, copy mode and range, then dropped because the queue was
     * full, and because the socket's buffer was.
     */
    private static final Pattern OUR_COUNTS =
            Pattern.compile("\\s*" + PacketQueue.NUMBER + "(?:\\s+\\d+){4}\\s+(\\d{1,10})\\s+(\\d{1,10})\\s.*");

    private final QueueSettings settings;
    private final int[] passed;
    private final Ipv4Header ip = new Ipv4Header();
    private final WideCounter queueFull = new WideCounter();
    private final WideCounter socketFull = new WideCounter();
    private PacketQueue queue;
    private long overruns;
    private long notIpv4;
    private long letThrough;

    private QueueSource(QueueSettings settings) throws StartException {
        this.settings = settings;
        this.passed = settings.passed().stream().mapToInt(Integer::intValue).toArray();
        activate();
    }

    /**
     * Begins to take packets.
     *
     * @throws StartException when the privilege lacks, or another program has the queue
     */
    public static QueueSource open(QueueSettings settings) throws StartException {
        QueueSource source = new QueueSource(settings);
        if (!Files.isReadable(COUNTS)) {
            LOG.warn("{} cannot be read: what the kernel drops of {} is not counted", COUNTS, NAME);
        }
        return source;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int descriptor() {
        return queue.fd();
    }

    @Override
    public int poll(PacketHandler handler, int limit) throws SourceLostException {
        long nowNs = System.nanoTime();
        RuntimeException failure = null;
        int count = 0;
        while (count < limit && next()) {
            count++;
            try {
                take(queue.packet(), handler, nowNs);
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        queue.sendVerdicts();
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
            throw new SourceLostException("reading from " + NAME + " failed: " + Errno.message(-result), null);
        }
        return result > 0;
    }

    /** The verdict comes first: it holds whatever the handler does. */
    private void take(QueuedPacket packet, PacketHandler handler, long nowNs) {
        if (!packet.isIpv4()) {
            notIpv4++;
            queue.verdict(true);
            return;
        }
        boolean whole = ip.wrap(packet.buffer(), packet.offset()).isValid(packet.length());
        if (whole && isPassed(ip.destination())) {
            letThrough++;
            queue.verdict(true);
            return;
        }
        queue.verdict(whole && ip.protocol() != Ipv4Header.PROTOCOL_TCP);
        handler.packet(packet.buffer(), packet.offset(), packet.length(), packet.wireLength(), nowNs);
    }

    private boolean isPassed(int address) {
        for (int other : passed) {
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

    /** Where the kernel's counters may not be read, at least one for each time that it says that it had to drop some. */
    @Override
    public long kernelDrops() {
        if (queue != null) {
            readCounts();
        }
        return Math.max(overruns, queueFull.total() + socketFull.total());
    }

    private void readCounts() {
        try {
            for (String line : Files.readAllLines(COUNTS)) {
                Matcher counts = OUR_COUNTS.matcher(line);
                if (counts.matches()) {
                    queueFull.update(Long.parseLong(counts.group(1)));
                    socketFull.update(Long.parseLong(counts.group(2)));
                }
            }
        } catch (IOException e) {
            LOG.debug("no counts of {}: {}", NAME, e.getMessage());
        }
    }

    @Override
    public void close() {
        if (queue != null) {
            readCounts();
            queue.close();
            // Its number may soon be another descriptor's.
            queue = null;
        }
    }

    private void activate() throws StartException {
        queue = new PacketQueue(settings.length(), settings.snapshotLength());
        queueFull.restart();
        socketFull.restart();
    }
}
