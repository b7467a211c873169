package io.tcpcopy.tcpcopy.simulation;

/** The application on the target: what it reads is noted and compared with what the client sent. */
final class TargetApplication implements Application {
    private final ServerApplication server;
    private final CopiedConnection copied;
    private int position;

    /** {@code begin}: position in the client's stream at which the connection begins. */
    TargetApplication(ServerApplication server, CopiedConnection copied, int begin) {
        this.server = server;
        this.copied = copied;
        this.position = begin;
    }

    @Override
    public void connected(Tcp tcp) {
        server.connected(tcp);
    }

    @Override
    public void received(Tcp tcp, byte[] bytes) {
        copied.arrived(position, bytes);
        position += bytes.length;
        server.received(tcp, bytes);
    }

    @Override
    public void peerClosed(Tcp tcp) {
        server.peerClosed(tcp);
    }

    @Override
    public void aborted(Tcp tcp) {
        server.aborted(tcp);
    }
}
