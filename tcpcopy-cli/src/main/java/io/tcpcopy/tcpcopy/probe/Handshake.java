package io.tcpcopy.tcpcopy.probe;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.tunnel.ResponseRecord;

/** One handshake between an address and a target, and what became of it. */
final class Handshake {
    private final Address client;
    private final Endpoint target;
    private final boolean fromOwnAddress;
    private final Flow flow = new Flow();
    private final Flow answered = new Flow();
    private final int iss;

    private Outcome outcome = Outcome.WAITING;
    private boolean begun;
    private long begunNs;
    private long roundTripNs;
    private Departure departure;
    private int errno;

    /**
     * A handshake that is not begun.
     *
     * @param port of the client, whatever the kernel takes for an own address
     * @param fromOwnAddress whether the address is one of this host
     * @param iss the number of the SYN
     */
    Handshake(Address client, int port, Endpoint target, boolean fromOwnAddress, int iss) {
        this.client = client;
        this.target = target;
        this.fromOwnAddress = fromOwnAddress;
        this.iss = iss;
        flow.client(client.bits(), port).server(target);
    }

    Address client() {
        return client;
    }

    Endpoint target() {
        return target;
    }

    /** Whether the address is one of this host, which then makes an ordinary connection. */
    boolean isFromOwnAddress() {
        return fromOwnAddress;
    }

    Flow flow() {
        return flow;
    }

    int iss() {
        return iss;
    }

    Outcome outcome() {
        return outcome;
    }

    /** Whether an answer is awaited. */
    boolean isUnderWay() {
        return begun && outcome == Outcome.WAITING;
    }

    /** How long the answer took, in nanoseconds. */
    long roundTripNs() {
        return roundTripNs;
    }

    /** What became of the SYN on this host. */
    Departure departure() {
        return departure;
    }

    /** Why the kernel has given up an ordinary connection. */
    int errno() {
        return errno;
    }

    /** From where an answer has come. */
    Endpoint answerer() {
        return Endpoint.ipv4(answered.serverAddress(), answered.serverPort());
    }

    /** The SYN leaves, or a connection is asked for. */
    void begin(long nowNs) {
        begun = true;
        begunNs = nowNs;
    }

    /** This became of the SYN. */
    void left(Departure newDeparture) {
        departure = newDeparture;
    }

    /** It is over, with this outcome. */
    void end(Outcome newOutcome, long nowNs) {
        outcome = newOutcome;
        roundTripNs = nowNs - begunNs;
    }

    /** The kernel has given it up. */
    void fail(int newErrno, long nowNs) {
        errno = newErrno;
        end(Outcome.FAILED, nowNs);
    }

    /**
     * Takes a response, if it answers this handshake.
     *
     * @param dnat whether the target may answer from another address than it is asked at
     * @return whether it is over by that
     */
    boolean take(ResponseRecord response, boolean dnat, long nowNs) {
        if (!isUnderWay()
                || response.ip().destination() != flow.clientAddress()
                || response.tcp().destinationPort() != flow.clientPort()) {
            return false;
        }
        response.readFlow(answered);
        end(outcomeOf(response.tcp(), dnat), nowNs);
        return true;
    }

    private Outcome outcomeOf(TcpHeader tcp, boolean dnat) {
        boolean acknowledgesSyn = tcp.has(TcpHeader.ACK) && tcp.ack() == iss + 1;
        if (!acknowledgesSyn || !tcp.has(TcpHeader.SYN | TcpHeader.RST)) {
            return Outcome.OTHER_CONNECTION;
        }
        boolean isTarget = dnat ? answered.serverPort() == target.port() : answered.isTo(target);
        if (!isTarget) {
            return Outcome.ELSEWHERE;
        }
        return tcp.has(TcpHeader.RST) ? Outcome.REFUSED : Outcome.ANSWERED;
    }

    /** For people: {@code 10.1.0.9:61234 > 10.0.0.2:80}; an own address has no port that is known. */
    @Override
    public String toString() {
        return fromOwnAddress ? client + " > " + target : flow.toString();
    }
}
