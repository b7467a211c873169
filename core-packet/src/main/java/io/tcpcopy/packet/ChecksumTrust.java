package io.tcpcopy.packet;

/**
 * Whether a wrong checksum tells that nobody took the packet whom it was for. So it is where whoever sends has shown right ones,
 * more than wrong ones. It is not where all are wrong, as in captures that were made anonymous.
 */
public final class ChecksumTrust {
    private static final int MOST = 64;

    private int trust;

    /** Nothing was shown so far. */
    public ChecksumTrust() {}

    /** Nothing was shown so far. */
    public void clear() {
        trust = 0;
    }

    /** Makes this the same as another one. */
    public void copyFrom(ChecksumTrust other) {
        trust = other.trust;
    }

    /** How many more packets with a right checksum were shown than with a wrong one, up to some. */
    public int surplus() {
        return trust;
    }

    /** Whether as many right checksums were shown as wrong ones, or none: then nothing is known. */
    public boolean isUndecided() {
        return trust == 0;
    }

    /** Notes the checksum of another packet; returns whether the packet is to be taken. */
    public boolean takes(ChecksumState checksum) {
        return switch (checksum) {
            case UNKNOWN, NOT_FILLED_IN -> true;
            case RIGHT -> {
                trust = Math.min(MOST, trust + 1);
                yield true;
            }
            case WRONG -> {
                boolean trusted = trust > 0;
                trust = Math.max(-MOST, trust - 1);
                yield !trusted;
            }
        };
    }
}
