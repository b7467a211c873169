package io.tcpcopy.session.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpSeq;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A server that answers the requests of one client: a TCP of the simplest kind that assembles bytes in order,
 * acknowledges every packet, repeats what is not acknowledged, and offers windows at random. It may close after a
 * response, as servers do.
 */
final class TargetServer {
    private enum State {
        CLOSED,
        SYN_RECEIVED,
        ESTABLISHED,
        CLOSING
    }

    private static final int MSS = 1460;
    private static final int[] WINDOWS = {65535, 65535, 65535, 20000, 3000, 500, 0};
    private static final long REPEAT_AFTER_NS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final int MAX_CLOSED_WINDOW_NS = (int) TimeUnit.SECONDS.toNanos(1);

    private final Conversation conversation;
    private final Random random;
    private final Events events;
    private final double closesAfterResponse;
    private final boolean randomWindows;
    private final Consumer<TcpPacket> network;

    private State state = State.CLOSED;
    /** Tells timers of this connection from those of former ones. */
    private int connection;

    private int received;
    private int nextRequest;
    private boolean[] outOfOrder;
    private int highestOffered;
    private int sndUna;
    private int sndNxt;
    private boolean finSent;
    private boolean clientClosed;
    private int earlyPackets;
    private int nextId;
    private int window = 65535;

    TargetServer(
            Conversation conversation,
            Random random,
            Events events,
            double closesAfterResponse,
            boolean randomWindows,
            Consumer<TcpPacket> network) {
        this.conversation = conversation;
        this.random = random;
        this.events = events;
        this.closesAfterResponse = closesAfterResponse;
        this.randomWindows = randomWindows;
        this.network = network;
    }

    /** Whether a SYN opens the connection that this server is for. */
    boolean expects(TcpPacket syn) {
        return TcpSeq.inWindow(syn.seq() + 1, conversation.firstNumber(), conversation.length());
    }

    /** Requests that were read whole, each once and in order. */
    int requestsRead() {
        return nextRequest;
    }

    /** Whether the client's FIN has arrived behind its last byte. */
    boolean clientClosed() {
        return clientClosed;
    }

    /** Packets of a request that came before the response to the request before it. */
    int earlyPackets() {
        return earlyPackets;
    }

    boolean isClosed() {
        return state == State.CLOSED;
    }

    void take(TcpPacket packet) {
        if (packet.has(TcpHeader.RST)) {
            if (state != State.CLOSED && packet.seq() == rcvNxt()) {
                state = State.CLOSED;
            }
        } else if (packet.isSyn()) {
            takeSyn(packet);
        } else if (state == State.CLOSED || state == State.SYN_RECEIVED && packet.ack() != sndNxt) {
            reset(packet);
        } else if (packet.has(TcpHeader.ACK)) {
            takeAcknowledgement(packet);
            if (state == State.CLOSING && TcpSeq.greaterThan(packet.end(), rcvNxt()) && packet.length() > 0) {
                reset(packet);
                state = State.CLOSED;
            } else if (state != State.CLOSED && state != State.SYN_RECEIVED) {
                takeData(packet);
            }
        }
    }

    private void takeSyn(TcpPacket packet) {
        if (state != State.CLOSED) {
            // RFC 5961: a challenge; or the SYN-ACK was lost.
            boolean repeated = state == State.SYN_RECEIVED && packet.seq() + 1 == rcvNxt();
            send(repeated ? TcpHeader.SYN | TcpHeader.ACK : TcpHeader.ACK, repeated ? sndUna : sndNxt, 0);
            return;
        }
        connection++;
        int position = TcpSeq.distance(conversation.firstNumber(), packet.seq() + 1);
        int expected = nextRequest == 0 ? 0 : conversation.requestEnd(nextRequest - 1);
        assertThat(position).as("where a connection begins").isEqualTo(expected);
        received = position;
        outOfOrder = new boolean[conversation.length() + 1];
        state = State.SYN_RECEIVED;
        finSent = false;
        window = 65535;
        highestOffered = received + window;
        sndUna = random.nextInt();
        sndNxt = sndUna + 1;
        send(TcpHeader.SYN | TcpHeader.ACK, sndUna, 0);
    }

    private void takeAcknowledgement(TcpPacket packet) {
        if (TcpSeq.greaterThan(packet.ack(), sndNxt)) {
            return;
        }
        sndUna = TcpSeq.max(sndUna, packet.ack());
        if (state == State.SYN_RECEIVED && sndUna == sndNxt) {
            state = State.ESTABLISHED;
        }
        if (finSent && sndUna == sndNxt && clientClosed) {
            state = State.CLOSED;
        }
    }

    private void takeData(TcpPacket packet) {
        int begin = TcpSeq.distance(conversation.firstNumber(), packet.seq());
        if (packet.length() > 0) {
            assertThat(begin + packet.length()).as("bytes sent").isLessThanOrEqualTo(highestOffered);
            if (nextRequest < conversation.requests() && begin >= requestEnd()) {
                earlyPackets++;
            }
        }
        for (int i = Math.max(0, begin); i < begin + packet.length(); i++) {
            outOfOrder[i] = true;
        }
        while (received < conversation.length() && outOfOrder[received]) {
            received++;
        }
        if (packet.isFin() && begin + packet.length() == received && received == conversation.length()) {
            clientClosed = true;
        }
        if (packet.end() != packet.seq() || TcpSeq.lessThan(packet.seq(), rcvNxt())) {
            chooseWindow();
            send(TcpHeader.ACK, sndNxt, 0);
        }
        respond();
    }

    private int requestEnd() {
        return conversation.requestEnd(nextRequest);
    }

    private void respond() {
        while (state == State.ESTABLISHED && nextRequest < conversation.requests() && received >= requestEnd()) {
            int length = conversation.responseLength(nextRequest++);
            for (int sent = 0; sent < length; sent += MSS) {
                int part = Math.min(MSS, length - sent);
                sendReliably(TcpHeader.ACK | TcpHeader.PSH, part);
            }
            if (random.nextDouble() < closesAfterResponse) {
                close();
            }
        }
        if (clientClosed && !finSent) {
            close();
        }
    }

    private void close() {
        finSent = true;
        state = State.CLOSING;
        sendReliably(TcpHeader.FIN | TcpHeader.ACK, 0);
    }

    private void sendReliably(int flags, int length) {
        int seq = sndNxt;
        sndNxt += length + ((flags & TcpHeader.FIN) != 0 ? 1 : 0);
        sendUntilAcknowledged(connection, flags, seq, length, sndNxt);
    }

    private void sendUntilAcknowledged(int sender, int flags, int seq, int length, int end) {
        if (sender == connection && state != State.CLOSED && TcpSeq.lessThan(sndUna, end)) {
            send(flags, seq, length);
            events.after(REPEAT_AFTER_NS, () -> sendUntilAcknowledged(sender, flags, seq, length, end));
        }
    }

    private void chooseWindow() {
        if (!randomWindows) {
            return;
        }
        window = WINDOWS[random.nextInt(WINDOWS.length)];
        if (window == 0) {
            int sender = connection;
            events.after(random.nextInt(MAX_CLOSED_WINDOW_NS), () -> {
                if (sender == connection && state != State.CLOSED && window == 0) {
                    window = MSS;
                    send(TcpHeader.ACK, sndNxt, 0);
                }
            });
        }
    }

    private int rcvNxt() {
        return conversation.firstNumber() + received + (clientClosed ? 1 : 0);
    }

    private void send(int flags, int seq, int length) {
        highestOffered = Math.max(highestOffered, received + window);
        network.accept(new TcpPacket(conversation.port(), nextId++ & 0xFFFF, flags, seq, rcvNxt(), window, length));
    }

    private void reset(TcpPacket packet) {
        network.accept(new TcpPacket(conversation.port(), nextId++ & 0xFFFF, TcpHeader.RST, packet.ack(), 0, 0, 0));
    }
}
