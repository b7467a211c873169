package io.tcpcopy.session;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A packet that the engine takes, be it a client's or a response, with all that follows from it until the next one: what is sent,
 * and the timers that are due meanwhile. Writing the packet is in it as well, and its checksum, where it has payload, is looked at.
 */
@State(Scope.Thread)
public class SessionEngineBenchmark {
    /** SYN, SYN-ACK and ACK, a request, and FIN from both. */
    private static final int PACKETS_OF_CONNECTION = 8;
    /** The request, its response, and the acknowledgement of that. */
    private static final int PACKETS_OF_REQUEST = 3;

    private final SmoothTraffic shortConnections = new SmoothTraffic();
    private final SmoothTraffic keepAlive = new SmoothTraffic();

    /** With one connection that stays. */
    public SessionEngineBenchmark() {
        keepAlive.open();
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS_OF_CONNECTION)
    public void shortConnection() {
        shortConnections.open();
        shortConnections.request();
        shortConnections.close();
    }

    @Benchmark
    @OperationsPerInvocation(PACKETS_OF_REQUEST)
    public void keepAliveRequest() {
        keepAlive.request();
    }
}
