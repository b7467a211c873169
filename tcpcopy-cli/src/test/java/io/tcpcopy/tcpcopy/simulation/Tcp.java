package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpOptions;
import io.tcpcopy.packet.TcpSeq;
import java.util.concurrent.TimeUnit;

/**
 * One end of a TCP connection (RFC 9293, with RFC 7323 and the challenges of RFC 5961), as hosts have it and apart from
 * all that the replay knows of TCP. What it sends is a stream whose bytes follow from their position. There is no
 * congestion control but its host's limit.
 */
final class Tcp {
    /** The states of RFC 9293, section 3.3.2; what listens is a {@link Host}. */
    enum State {
        SYN_SENT,
        SYN_RECEIVED,
        ESTABLISHED,
        FIN_WAIT_1,
        FIN_WAIT_2,
        CLOSE_WAIT,
        CLOSING,
        LAST_ACK,
        TIME_WAIT,
        CLOSED
    }

    /**
     * What an end is capable of.
     *
     * @param windowScale shift that it offers, or {@link TcpOptions#ABSENT}
     * @param receiveBuffer in bytes
     * @param probesWithByte whether probes of a closed window and of an idle peer carry a byte
     * @param keepaliveNs after which an idle peer is probed, or {@link Long#MAX_VALUE}
     */
    record Traits(
            int mss,
            boolean timestamps,
            int windowScale,
            int receiveBuffer,
            boolean probesWithByte,
            long keepaliveNs) {}

    private static final int MAX_WINDOW = 65535;

    private static final long SYN_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long MIN_TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long MAX_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(8);
    private static final int MAX_REPEATS = 10;
    private static final long DELAYED_ACK_NS = TimeUnit.MILLISECONDS.toNanos(40);
    private static final long TIME_WAIT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long FIN_WAIT_2_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int DUPLICATES_FOR_FAST_RETRANSMIT = 3;

    private final Host host;
    private final Events events;
    private final Endpoint local;
    private final Endpoint remote;
    private final Traits traits;
    private final Application application;
    private final long stream;
    private final int iss;

    private State state;
    private int irs;
    private int nextId;

    /** The number of the stream's first byte, as if nothing had been skipped. */
    private int first;

    private int sndUna;
    private int sndNxt;
    private int highestSent;
    private int sndWnd;
    private int sndScale;
    private int mss;
    private int written;
    private boolean finQueued;
    private int duplicates;
    private boolean recovering;
    private int recoverNumber;
    private int repeats;
    private long timeoutNs = MIN_TIMEOUT_NS;
    private long smoothedRttNs;
    private int timedNumber;
    private long timedSinceNs = -1;
    /** Tells the timer that counts from those that were overtaken. */
    private int timer;

    private Reassembly reassembly;
    private int rcvNxt;
    private int rcvScale;
    private int rcvEdge;
    private boolean reading = true;
    private int unread;
    private boolean peerFin;
    private int peerFinNumber;
    private boolean ackDelayed;
    private int segmentsUnacknowledged;
    private long heardNs;

    private boolean timestamps;
    private int recentTimestamp;
    private int lastAckSent;

    private Tcp(
            Host host,
            Events events,
            Endpoint local,
            Endpoint remote,
            Traits traits,
            Application application,
            long stream,
            int iss) {
        this.host = host;
        this.events = events;
        this.local = local;
        this.remote = remote;
        this.traits = traits;
        this.application = application;
        this.stream = stream;
        this.iss = iss;
        first = iss + 1;
        sndUna = iss;
        sndNxt = iss + 1;
        highestSent = sndNxt;
        mss = traits.mss;
        heardNs = events.nowNs();
    }

    /** An end that opens a connection; what it writes are the bytes of this stream. */
    static Tcp open(
            Host host,
            Events events,
            Endpoint local,
            Endpoint remote,
            Traits traits,
            Application application,
            long stream,
            int iss) {
        Tcp tcp = new Tcp(host, events, local, remote, traits, application, stream, iss);
        tcp.state = State.SYN_SENT;
        tcp.sendSyn();
        return tcp;
    }

    /** An end that answers a SYN. */
    static Tcp answer(
            Host host, Events events, TcpPacket syn, Traits traits, Application application, long stream, int iss) {
        Tcp tcp = new Tcp(host, events, syn.destination(), syn.source(), traits, application, stream, iss);
        tcp.state = State.SYN_RECEIVED;
        tcp.takeSyn(syn);
        tcp.sendSyn();
        return tcp;
    }

    State state() {
        return state;
    }

    Endpoint local() {
        return local;
    }

    Endpoint remote() {
        return remote;
    }

    int iss() {
        return iss;
    }

    /** The other side's initial number. */
    int irs() {
        return irs;
    }

    /** The number behind the last one sent. */
    int sndNxt() {
        return highestSent;
    }

    /** The longest segment that it takes, in bytes, options included. */
    int announcedMss() {
        return traits.mss;
    }

    /** When the other side was heard last. */
    long heardNs() {
        return heardNs;
    }

    int rcvNxt() {
        return rcvNxt;
    }

    /** How many bytes of its stream were sent. */
    int sentBytes() {
        return TcpSeq.distance(first, highestSent);
    }

    int recentTimestamp() {
        return recentTimestamp;
    }

    /** The highest number up to which the other side may send. */
    int rcvEdge() {
        return rcvEdge;
    }

    // -------------------------------------------------------------------------------------------- the application's

    /** Sends so many more bytes of the stream. */
    void write(int bytes) {
        if (!finQueued && state != State.CLOSED) {
            written += bytes;
            output();
        }
    }

    /** Nothing more will be sent. */
    void close() {
        if (!finQueued && state != State.CLOSED) {
            finQueued = true;
            output();
        }
    }

    /** Whether the application has closed. */
    boolean isClosing() {
        return finQueued;
    }

    /** Ends the connection at once. */
    void abort() {
        if (state != State.CLOSED) {
            if (state != State.SYN_SENT) {
                send(TcpHeader.RST | TcpHeader.ACK, sndNxt, new byte[0]);
            }
            end();
        }
    }

    /** Whether nothing of this end is under way. */
    boolean isQuiet() {
        return maySendNew() && sndUna == highestSent;
    }

    /** Whether this end has all that the other one has sent. */
    boolean hasAllOf(Tcp other) {
        return receives() && rcvNxt == other.highestSent && reassembly.isEmpty();
    }

    /** How much the other end lets be sent, in bytes. */
    int sndWnd() {
        return sndWnd;
    }

    /** Goes on as if so many more bytes had been sent, and acknowledged; only while it {@link #isQuiet}. */
    void skipSending(int bytes) {
        first += bytes;
        sndUna += bytes;
        sndNxt += bytes;
        highestSent += bytes;
        timedSinceNs = -1;
    }

    /** Goes on as if so many more bytes had been received; only while it {@link #hasAllOf} them. */
    void skipReceiving(int bytes) {
        rcvNxt += bytes;
        rcvEdge += bytes;
        lastAckSent += bytes;
        reassembly = new Reassembly(rcvNxt);
    }

    /** Stops reading: the window closes as bytes arrive. */
    void stopReading() {
        reading = false;
    }

    /** Reads on, and what has arrived meanwhile. */
    void resumeReading() {
        reading = true;
        boolean wasNarrow = rcvEdge - rcvNxt < 2 * mss;
        unread = 0;
        if (wasNarrow && receives()) {
            sendAck();
        }
    }

    // ------------------------------------------------------------------------------------------------------- sending

    private void sendSyn() {
        int flags = state == State.SYN_SENT ? TcpHeader.SYN : TcpHeader.SYN | TcpHeader.ACK;
        send(flags, iss, new byte[0]);
        startTimer(SYN_TIMEOUT_NS << repeats);
    }

    /** Sends what the other side's window allows. */
    private void output() {
        while (maySendNew()) {
            int position = TcpSeq.distance(first, sndNxt);
            int available = written - position;
            int inFlight = sndNxt - sndUna;
            int room = Math.min(sndWnd, host.maxInFlight()) - inFlight;
            int length = Math.max(0, Math.min(mss, Math.min(available, room)));
            boolean fin = finQueued && length == available;
            if (length == 0 && !fin || length < mss && length < available && inFlight > 0) {
                break;
            }
            sendData(position, length, fin, length == available);
            sndNxt += length + (fin ? 1 : 0);
            highestSent = TcpSeq.max(highestSent, sndNxt);
            if (timedSinceNs < 0) {
                timedSinceNs = events.nowNs();
                timedNumber = sndNxt;
            }
            if (fin) {
                finSent();
            }
            if (inFlight == 0) {
                startTimer(timeoutNs);
            }
        }
        if (sndUna == sndNxt && maySendNew() && written > TcpSeq.distance(first, sndNxt)) {
            startTimer(timeoutNs);
        }
    }

    private boolean maySendNew() {
        return state == State.ESTABLISHED || state == State.CLOSE_WAIT;
    }

    private void finSent() {
        state = state == State.CLOSE_WAIT ? State.LAST_ACK : State.FIN_WAIT_1;
    }

    private void sendData(int position, int length, boolean fin, boolean last) {
        int flags = TcpHeader.ACK | (fin ? TcpHeader.FIN : 0) | (last && length > 0 ? TcpHeader.PSH : 0);
        send(flags, first + position, Payload.of(stream, position, length));
    }

    private void sendAck() {
        send(TcpHeader.ACK, sndNxt, new byte[0]);
    }

    private void send(int flags, int seq, byte[] payload) {
        boolean syn = (flags & TcpHeader.SYN) != 0;
        boolean ack = (flags & TcpHeader.ACK) != 0;
        if (ack) {
            lastAckSent = rcvNxt;
            ackDelayed = false;
            segmentsUnacknowledged = 0;
        }
        int window = window(syn);
        host.send(new TcpPacket(
                local,
                remote,
                nextId++ & 0xFFFF,
                flags,
                seq,
                ack ? rcvNxt : 0,
                window,
                (flags & TcpHeader.RST) != 0 ? TcpPacket.Options.NONE : options(syn),
                payload));
    }

    private TcpPacket.Options options(boolean syn) {
        boolean stamped = syn && state == State.SYN_SENT ? traits.timestamps : timestamps;
        boolean scaled = syn && (state == State.SYN_SENT ? traits.windowScale != TcpOptions.ABSENT : rcvScale > 0);
        return new TcpPacket.Options(
                syn ? traits.mss : TcpOptions.ABSENT,
                scaled ? traits.windowScale : TcpOptions.ABSENT,
                stamped,
                stamped ? (int) TimeUnit.NANOSECONDS.toMillis(events.nowNs()) + iss : 0,
                stamped ? recentTimestamp : 0);
    }

    /** The window to announce: what is free of the buffer, never less than was promised. */
    private int window(boolean syn) {
        int shift = syn ? 0 : rcvScale;
        int free = Math.min(traits.receiveBuffer - unread, MAX_WINDOW << shift);
        if (free < Math.min(mss, traits.receiveBuffer / 2)) {
            free = 0;
        }
        int promised = TcpSeq.max(rcvEdge, rcvNxt + free) - rcvNxt;
        int window = Math.min(MAX_WINDOW, promised >> shift);
        rcvEdge = TcpSeq.max(rcvEdge, rcvNxt + (window << shift));
        return window;
    }

    // -------------------------------------------------------------------------------------------------------- timers

    private void startTimer(long delayNs) {
        int number = ++timer;
        events.after(delayNs, () -> {
            if (number == timer && state != State.CLOSED) {
                timeout();
            }
        });
    }

    private void stopTimer() {
        timer++;
    }

    /** Whether it has repeated what nobody acknowledges as often as it does. */
    boolean hasGivenUp() {
        return repeats > MAX_REPEATS;
    }

    private void timeout() {
        if (state == State.TIME_WAIT || state == State.FIN_WAIT_2) {
            end();
            return;
        }
        repeats++;
        if (hasGivenUp()) {
            end();
            application.aborted(this);
            return;
        }
        if (state == State.SYN_SENT || state == State.SYN_RECEIVED) {
            sendSyn();
            return;
        }
        timeoutNs = Math.min(MAX_TIMEOUT_NS, 2 * timeoutNs);
        if (sndUna == sndNxt) {
            probeWindow();
        } else {
            recovering = true;
            recoverNumber = sndNxt;
            repeatFirst();
        }
        startTimer(timeoutNs);
    }

    private void repeatFirst() {
        timedSinceNs = -1;
        int position = TcpSeq.distance(first, sndUna);
        int sent = Math.min(written, TcpSeq.distance(first, sndNxt));
        int length = Math.min(mss, sent - position);
        boolean fin =
                finQueued && position + length == written && state != State.ESTABLISHED && state != State.CLOSE_WAIT;
        sendData(position, length, fin, position + length == written);
    }

    /** The other side's window is closed, and may have opened without our hearing of it. */
    private void probeWindow() {
        if (sndWnd > 0) {
            output();
            return;
        }
        // A peer that closes its window is alive: it is probed for ever.
        repeats = 0;
        if (traits.probesWithByte) {
            sendData(TcpSeq.distance(first, sndNxt), 1, false, false);
            sndNxt++;
            highestSent = TcpSeq.max(highestSent, sndNxt);
        } else {
            send(TcpHeader.ACK, sndUna - 1, new byte[0]);
        }
        host.coverage().count(Figure.WINDOW_PROBES);
    }

    private void keepalive() {
        if (state == State.ESTABLISHED) {
            long idleNs = events.nowNs() - heardNs;
            if (idleNs >= traits.keepaliveNs && sndUna == sndNxt) {
                // RFC 9293, section 3.8.4: some hosts add a byte of garbage.
                int position = TcpSeq.distance(first, sndNxt - 1);
                byte[] garbage = Payload.otherThan(stream, position, traits.probesWithByte ? 1 : 0);
                send(TcpHeader.ACK, sndNxt - 1, garbage);
                host.coverage().count(Figure.KEEPALIVE_PROBES);
            }
            events.after(traits.keepaliveNs, this::keepalive);
        }
    }

    private void delayAck() {
        if (!ackDelayed) {
            ackDelayed = true;
            events.after(DELAYED_ACK_NS, () -> {
                if (ackDelayed && receives()) {
                    sendAck();
                }
            });
        }
    }

    // ----------------------------------------------------------------------------------------------------- receiving

    void receive(TcpPacket packet) {
        heardNs = events.nowNs();
        if (state == State.SYN_SENT) {
            receiveAnswerToSyn(packet);
        } else if (state != State.CLOSED) {
            receiveSynchronized(packet);
        }
    }

    /** RFC 9293, section 3.10.7.3, without simultaneous opening. */
    private void receiveAnswerToSyn(TcpPacket packet) {
        boolean acceptable = packet.has(TcpHeader.ACK) && packet.ack() == iss + 1;
        if (packet.has(TcpHeader.ACK) && !acceptable) {
            if (!packet.isRst()) {
                host.reset(packet);
            }
        } else if (packet.isRst()) {
            if (acceptable) {
                end();
                application.aborted(this);
            }
        } else if (packet.isSyn() && acceptable) {
            takeSyn(packet);
            state = State.ESTABLISHED;
            sndUna = iss + 1;
            sendAck();
            opened();
        }
    }

    private void takeSyn(TcpPacket syn) {
        irs = syn.seq();
        rcvNxt = irs + 1;
        rcvEdge = rcvNxt;
        reassembly = new Reassembly(rcvNxt);
        sndWnd = syn.window();
        TcpPacket.Options options = syn.options();
        if (options.mss() != TcpOptions.ABSENT) {
            mss = Math.min(mss, options.mss());
        }
        timestamps = traits.timestamps && options.timestamps();
        recentTimestamp = options.value();
        if (timestamps) {
            mss -= 2 + TcpOptions.TIMESTAMPS_LENGTH;
        }
        if (traits.windowScale != TcpOptions.ABSENT && options.windowScale() != TcpOptions.ABSENT) {
            rcvScale = traits.windowScale;
            sndScale = options.windowScale();
        }
    }

    private void opened() {
        stopTimer();
        repeats = 0;
        timeoutNs = MIN_TIMEOUT_NS;
        if (traits.keepaliveNs != Long.MAX_VALUE) {
            events.after(traits.keepaliveNs, this::keepalive);
        }
        application.connected(this);
        output();
    }

    /** RFC 9293, section 3.10.7.4. */
    private void receiveSynchronized(TcpPacket packet) {
        boolean repeatedSyn = packet.isSyn() && state == State.SYN_RECEIVED && packet.seq() == irs;
        if (repeatedSyn && !packet.has(TcpHeader.ACK)) {
            send(TcpHeader.SYN | TcpHeader.ACK, iss, new byte[0]);
            return;
        }
        if (timestamps && !packet.isRst() && !isTimely(packet)) {
            sendAck();
            return;
        }
        if (!isAcceptable(packet)) {
            if (!packet.isRst()) {
                sendAck();
            }
            return;
        }
        if (packet.isRst()) {
            receiveReset(packet);
        } else if (packet.isSyn()) {
            // RFC 5961, section 4: a challenge.
            sendAck();
        } else if (packet.has(TcpHeader.ACK)) {
            noteTimestamp(packet);
            receiveAck(packet);
        }
    }

    /** RFC 7323, section 5.3: what is older than what was heard is from before a wrap, or lacks the timestamp. */
    private boolean isTimely(TcpPacket packet) {
        return packet.options().timestamps()
                && TcpSeq.greaterThanOrEqual(packet.options().value(), recentTimestamp);
    }

    private void noteTimestamp(TcpPacket packet) {
        if (timestamps && TcpSeq.lessThanOrEqual(packet.seq(), lastAckSent)) {
            recentTimestamp = packet.options().value();
        }
    }

    /** RFC 9293, section 3.4: some of the packet lies in the window. */
    private boolean isAcceptable(TcpPacket packet) {
        int size = rcvEdge - rcvNxt;
        int length = packet.end() - packet.seq();
        if (length == 0) {
            return size == 0 ? packet.seq() == rcvNxt : TcpSeq.inWindow(packet.seq(), rcvNxt, size);
        }
        return size > 0
                && (TcpSeq.inWindow(packet.seq(), rcvNxt, size) || TcpSeq.inWindow(packet.end() - 1, rcvNxt, size));
    }

    /** RFC 5961, section 3. */
    private void receiveReset(TcpPacket packet) {
        if (packet.seq() == rcvNxt) {
            boolean timeWait = state == State.TIME_WAIT;
            if (timeWait && host.ignoresResetsInTimeWait()) {
                host.coverage().count(Figure.RESETS_IGNORED);
                return;
            }
            end();
            if (!timeWait) {
                application.aborted(this);
            }
        } else {
            sendAck();
        }
    }

    private void receiveAck(TcpPacket packet) {
        int ack = packet.ack();
        if (state == State.SYN_RECEIVED) {
            if (ack != iss + 1) {
                host.reset(packet);
                return;
            }
            state = State.ESTABLISHED;
            sndUna = ack;
            sndWnd = packet.window() << sndScale;
            opened();
        } else if (TcpSeq.greaterThan(ack, highestSent)) {
            sendAck();
            return;
        } else if (TcpSeq.greaterThan(ack, sndUna)) {
            progress(packet);
        } else if (ack == sndUna) {
            repeated(packet);
        }
        if (state != State.CLOSED) {
            output();
            receiveData(packet);
        }
    }

    private void progress(TcpPacket packet) {
        sndUna = packet.ack();
        sndNxt = TcpSeq.max(sndNxt, sndUna);
        sndWnd = packet.window() << sndScale;
        repeats = 0;
        duplicates = 0;
        if (timedSinceNs >= 0 && TcpSeq.greaterThanOrEqual(sndUna, timedNumber)) {
            long rttNs = events.nowNs() - timedSinceNs;
            smoothedRttNs = smoothedRttNs == 0 ? rttNs : (7 * smoothedRttNs + rttNs) / 8;
            timedSinceNs = -1;
        }
        timeoutNs = Math.min(MAX_TIMEOUT_NS, Math.max(MIN_TIMEOUT_NS, 2 * smoothedRttNs));
        if (sndUna == sndNxt) {
            stopTimer();
            ourFinAcknowledged();
        } else {
            startTimer(timeoutNs);
            if (recovering) {
                recovering = TcpSeq.lessThan(sndUna, recoverNumber);
                if (recovering) {
                    repeatFirst();
                }
            }
        }
    }

    private void ourFinAcknowledged() {
        switch (state) {
            case FIN_WAIT_1 -> {
                state = State.FIN_WAIT_2;
                startTimer(FIN_WAIT_2_NS);
            }
            case CLOSING -> timeWait();
            case LAST_ACK -> end();
            default -> {
                // Nothing of ours was closed.
            }
        }
    }

    private void repeated(TcpPacket packet) {
        int window = packet.window() << sndScale;
        boolean opens = sndWnd == 0 && window > 0;
        boolean duplicate = packet.end() == packet.seq() && window == sndWnd && sndUna != sndNxt;
        sndWnd = window;
        if (duplicate && ++duplicates == DUPLICATES_FOR_FAST_RETRANSMIT && !recovering) {
            recovering = true;
            recoverNumber = sndNxt;
            repeatFirst();
        }
        if (opens) {
            timeoutNs = MIN_TIMEOUT_NS;
        }
    }

    /** Whether bytes may still come. */
    private boolean receives() {
        return state == State.ESTABLISHED || state == State.FIN_WAIT_1 || state == State.FIN_WAIT_2;
    }

    private void receiveData(TcpPacket packet) {
        if (packet.end() == packet.seq()) {
            return;
        }
        if (!receives()) {
            // A repetition: the acknowledgement was lost.
            sendAck();
            if (state == State.TIME_WAIT) {
                startTimer(TIME_WAIT_NS);
            }
            return;
        }
        if (finQueued && host.closesBothWays() && TcpSeq.greaterThan(packet.seq() + packet.length(), rcvNxt)) {
            // The application has closed, and nobody will read this (RFC 9293, section 3.10.4; RFC 2525, 2.17).
            host.reset(packet);
            end();
            application.aborted(this);
            return;
        }
        boolean inOrder = TcpSeq.lessThanOrEqual(packet.seq(), rcvNxt) && reassembly.isEmpty();
        if (packet.length() > 0) {
            reassembly.add(packet.seq(), packet.payload());
        }
        if (packet.isFin()) {
            peerFin = true;
            peerFinNumber = packet.end() - 1;
        }
        boolean isNew = deliver();
        if (peerFin && rcvNxt == peerFinNumber) {
            rcvNxt++;
            rcvEdge = TcpSeq.max(rcvEdge, rcvNxt);
            peerClosed();
        } else if (!inOrder || !isNew || ++segmentsUnacknowledged >= 2 || !reading) {
            sendAck();
        } else {
            delayAck();
        }
    }

    private boolean deliver() {
        boolean isNew = false;
        for (byte[] bytes = reassembly.next(rcvNxt); bytes != null; bytes = reassembly.next(rcvNxt)) {
            rcvNxt += bytes.length;
            unread += reading ? 0 : bytes.length;
            isNew = true;
            application.received(this, bytes);
        }
        return isNew;
    }

    private void peerClosed() {
        switch (state) {
            case ESTABLISHED -> state = State.CLOSE_WAIT;
            case FIN_WAIT_1 -> state = State.CLOSING;
            case FIN_WAIT_2 -> timeWait();
            default -> {
                // The application has ended it.
            }
        }
        if (state != State.CLOSED) {
            sendAck();
            application.peerClosed(this);
        }
    }

    private void timeWait() {
        state = State.TIME_WAIT;
        startTimer(TIME_WAIT_NS);
    }

    private void end() {
        state = State.CLOSED;
        host.ended(this);
    }
}
