package io.tcpcopy.tcpcopy.simulation;

/** The bytes of a stream: each follows from the stream and its place in it, so that whoever reads it knows both. */
final class Payload {
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private Payload() {}

    private static byte at(long stream, int position) {
        return (byte) ((stream + position) * STEP >>> Long.SIZE - Byte.SIZE);
    }

    /** Bytes of a stream from a position on. */
    static byte[] of(long stream, int position, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = at(stream, position + i);
        }
        return bytes;
    }

    /** Bytes of which none is the stream's. */
    static byte[] otherThan(long stream, int position, int length) {
        byte[] bytes = of(stream, position, length);
        for (int i = 0; i < length; i++) {
            bytes[i] ^= 1;
        }
        return bytes;
    }

    /** Whether bytes are those of a stream from a position on. */
    static boolean matches(byte[] bytes, long stream, int position) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != at(stream, position + i)) {
                return false;
            }
        }
        return true;
    }
}
