package io.tcpcopy.tcpcopy.simulation;

/** The application on the target: what it reads is noted and compared with what the client sent. */
final class TargetApplication implements Application {
    private final ServerApplication server;
    private final CopiedConnection copied;
    private final Events events;
    private int position;

    /** {@code begin}: position in the client's stream at which the connection begins. */
    TargetApplication(ServerApplication server, CopiedConnection copied, Events events, int begin) {
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
        copied.arrived(position, bytes, events.nowNs());
        position += bytes.length;
        server.received(tcp, bytes);
    }

    @Override
    public void peerClosed(Tcp tcp) {
        copied.targetLeft(events.nowNs());
        server.peerClosed(tcp);
    }

    @Override
    public void aborted(Tcp tcp) {
        copied.targetLeft(events.nowNs());
        server.aborted(tcp);
    }
}
