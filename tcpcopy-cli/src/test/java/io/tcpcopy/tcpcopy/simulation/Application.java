package io.tcpcopy.tcpcopy.simulation;

/** What uses a connection. */
interface Application {
    /** The connection is open. */
    void connected(Tcp tcp);

    /** The next bytes in order have arrived, to be read when the application likes. */
    void received(Tcp tcp, byte[] bytes);

    /** The other side has closed; no more bytes will come. */
    void peerClosed(Tcp tcp);

    /** The connection has ended other than by both sides' closing. */
    void aborted(Tcp tcp);
}
