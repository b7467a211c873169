package io.tcpcopy.session;

/**
 * What the windows of all sessions hold, counted packet by packet: what the {@link Ledger} must have as waiting.
 *
 * @param bytes of payload, in flight or not sent yet
 * @param requests that begin in it
 */
public record HeldPayload(long bytes, long requests) {
    static HeldPayload of(SessionTable table) {
        Count count = new Count();
        table.forEach(session -> {
            count.add(session.window);
            if (session.successor() != null) {
                count.add(session.successor().window);
            }
        });
        return new HeldPayload(count.bytes, count.requests);
    }

    private static final class Count {
        private long bytes;
        private long requests;

        private void add(SendWindow window) {
            for (Packet packet = window.first(); packet != null; packet = packet.next) {
                bytes += packet.payloadLength;
                requests += packet.beginsRequest ? 1 : 0;
            }
        }
    }
}
