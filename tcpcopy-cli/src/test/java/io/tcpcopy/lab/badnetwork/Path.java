package io.tcpcopy.lab.badnetwork;

import io.tcpcopy.lab.badnetwork.Faults.Chance;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.Priority;
import io.tcpcopy.loop.Source;
import io.tcpcopy.loop.Timed;
import io.tcpcopy.net.Errno;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;

/** One direction of a link: the frames that come in at a device leave at another one, with the link's faults. */
final class Path implements Source, Timed {

    /** How much later the late ones come: many others overtake them, and no retransmission timer runs out. */
    private static final long LATE_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final EventLoop loop;
    private final Faults faults;
    private final PacketSocket in;
    private final PacketSocket out;
    private final DelayLine punctual = new DelayLine();
    private final DelayLine late = new DelayLine();
    private final Frame received = new Frame();
    private final Frame segment = new Frame();
    private final Frame leaving = new Frame();

    private long withoutRoom;
    private long refused;

    /** Begins to read. */
    Path(EventLoop loop, Faults faults, String from, String to) throws IOException {
        this.loop = loop;
        this.faults = faults;
        out = PacketSocket.sending(to);
        in = PacketSocket.receiving(from);
        loop.register(this, Priority.CAPTURE, SelectionKey.OP_READ);
        loop.addTimed(this);
    }

    @Override
    public int fd() {
        return in.fd();
    }

    @Override
    public boolean ready(int readyOps) {
        for (int i = 0; i < EventLoop.MAX_ITEMS; i++) {
            int result = in.receive(received);
            if (result == -Errno.EAGAIN) {
                return false;
            }
            if (result < 0) {
                refused++;
            } else {
                admitReceived();
            }
        }
        return true;
    }

    private void admitReceived() {
        long dueNs = loop.nowNs() + faults.delayNs();
        if (faults.mayStrike(Chance.CORRUPT) && received.isWhole()) {
            // What comes from a wire that corrupts has a checksum.
            received.fillInChecksum();
        }
        if (faults.strikes(Chance.DOUBLE)) {
            add(late, received, dueNs + LATE_NS);
        }
        boolean isLate = faults.strikes(Chance.REORDER);
        DelayLine line = isLate ? late : punctual;
        long leavesNs = isLate ? dueNs + LATE_NS : dueNs;
        if ((received.isWhole() || received.isMergedTcp()) && faults.strikes(Chance.CORRUPT)) {
            addCorrupt(line, leavesNs);
        } else {
            add(line, received, leavesNs);
        }
    }

    private void addCorrupt(DelayLine line, long dueNs) {
        if (received.isWhole()) {
            received.turnBit(faults.random());
            add(line, received, dueNs);
            return;
        }
        int struck = faults.random().nextInt(received.segments());
        for (int number = 0; number < received.segments(); number++) {
            segment.segmentOf(received, number);
            if (number == struck) {
                segment.turnBit(faults.random());
            }
            add(line, segment, dueNs);
        }
    }

    private void add(DelayLine line, Frame frame, long dueNs) {
        if (!line.add(frame, dueNs)) {
            withoutRoom++;
        }
    }

    @Override
    public long nextDeadlineNs() {
        return Math.min(punctual.nextDueNs(), late.nextDueNs());
    }

    @Override
    public void runDue(long nowNs) {
        sendDue(punctual, nowNs);
        sendDue(late, nowNs);
    }

    private void sendDue(DelayLine line, long nowNs) {
        while (line.nextDueNs() <= nowNs) {
            line.take(leaving);
            if (out.send(leaving) < 0) {
                refused++;
            }
        }
    }

    /** How many frames were lost here because the program gets the processor too seldom, or too much is on its way. */
    long lostInOverload() {
        return in.drops() + withoutRoom;
    }

    /** How many frames could not be received or sent, because a device was down for instance. */
    long refused() {
        return refused;
    }
}
