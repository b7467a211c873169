package io.tcpcopy.loop.connection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Notes what a connection tells its owner. */
final class RecordingHandler implements ConnectionHandler {
    final StringBuilder received = new StringBuilder();
    final List<Integer> dropped = new ArrayList<>();
    final List<String> reasons = new ArrayList<>();
    final List<Integer> errnos = new ArrayList<>();
    int connected;
    Runnable onReceived = () -> {};

    @Override
    public void connected() {
        connected++;
    }

    @Override
    public void received(ByteBuffer piece) {
        received.append(ISO_8859_1.decode(piece));
        onReceived.run();
    }

    @Override
    public void dropped(int length) {
        dropped.add(length);
    }

    @Override
    public void closed(int errno, String reason) {
        errnos.add(errno);
        reasons.add(reason);
    }
}
