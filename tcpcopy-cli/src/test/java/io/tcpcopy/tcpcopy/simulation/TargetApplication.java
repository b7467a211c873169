package io.tcpcopy.tcpcopy.simulation;

import java.util.function.LongSupplier;

/** The application on the target: what it reads is noted and compared with what the client sent. */
final class TargetApplication implements Application {
    private final ServerApplication server;
    private final CopiedConnection copied;
    private final Events events;
    private final LongSupplier movingSinceNs;
    private int position;

    /**
     * An application.
     *
     * @param movingSinceNs since when responses reach the copy without delay
     * @param begin position in the client's stream at which the connection begins
     */
    TargetApplication(
            ServerApplication server, CopiedConnection copied, Events events, LongSupplier movingSinceNs, int begin) {
        this.movingSinceNs = movingSinceNs;
        this.events = events;
        this.server = server;
        this.copied = copied;
        this.position = begin;
    }

    @Override
    public void connected(Tcp tcp) {
        copied.targetConnected(tcp);
        server.connected(tcp);
    }

    @Override
    public void received(Tcp tcp, byte[] bytes) {
        copied.arrived(position, bytes, events.nowNs(), movingSinceNs.getAsLong());
        position += bytes.length;
        server.received(tcp, bytes);
    }

    @Override
    public void peerClosed(Tcp tcp) {
        clientLeft();
        copied.leftUnanswered(server.isAnswering());
        server.peerClosed(tcp);
    }

    @Override
    public void aborted(Tcp tcp) {
        clientLeft();
        if (tcp.hasGivenUp()) {
            copied.targetGaveUp();
        }
        server.aborted(tcp);
    }

    /** A client that has all answers leaves behind them: a target that is slower than the online server hears of it later. */
    private void clientLeft() {
        copied.targetLeft(events.nowNs(), Math.max(movingSinceNs.getAsLong(), server.answeredNs()));
    }
}
