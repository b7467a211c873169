package io.tcpcopy.tunnel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A stream that arrives in pieces of any length, each in a buffer that is longer. */
final class Pieces {
    private static final int BEHIND = 16;

    /** The whole stream. */
    final byte[] stream;

    private final byte[] lengths;

    /** Takes any bytes: the first says how many lengths of pieces follow, what is behind them is the stream. */
    Pieces(byte[] input) {
        int count = input.length == 0 ? 0 : Math.min(input[0] & 0x0F, input.length - 1);
        int start = Math.min(1, input.length);
        lengths = Arrays.copyOfRange(input, start, start + count);
        stream = Arrays.copyOfRange(input, start + count, input.length);
    }

    /** The pieces; the last one is what the others leave. */
    List<ByteBuffer> list() {
        List<ByteBuffer> pieces = new ArrayList<>();
        int from = 0;
        for (byte length : lengths) {
            int taken = Math.min(length & 0xFF, stream.length - from);
            pieces.add(piece(from, taken));
            from += taken;
        }
        pieces.add(piece(from, stream.length - from));
        return pieces;
    }

    private ByteBuffer piece(int from, int length) {
        byte[] bytes = Arrays.copyOfRange(stream, from, from + length + BEHIND);
        Arrays.fill(bytes, length, bytes.length, (byte) 1);
        return ByteBuffer.wrap(bytes).limit(length);
    }

    /** The input that means a stream in pieces of this length. */
    static byte[] input(byte[] stream, int pieceLength) {
        int count = Math.min(15, stream.length / pieceLength);
        byte[] input = new byte[1 + count + stream.length];
        input[0] = (byte) count;
        Arrays.fill(input, 1, 1 + count, (byte) pieceLength);
        System.arraycopy(stream, 0, input, 1 + count, stream.length);
        return input;
    }
}
