package io.tcpcopy.tunnel;

import java.nio.ByteBuffer;

/**
 * Response records gathered for a connection, in the form in which they are written to it: in a combined format a
 * 2-byte count, then the records.
 */
public final class Batch {
    private final TunnelFormat format;
    private final ByteBuffer bytes;
    private int count;

    /** An empty batch. */
    public Batch(TunnelFormat format) {
        this.format = format;
        bytes = ByteBuffer.allocateDirect(format.maxBatchLength());
    }

    /**
     * Makes room for one more record, which the caller writes.
     *
     * @return where the record begins in {@link #bytes}
     * @throws IllegalStateException when the batch is full
     */
    public int add() {
        if (isFull()) {
            throw new IllegalStateException("batch is full: " + count);
        }
        int offset = length();
        setCount(count + 1);
        return offset;
    }

    /** How many records there are. */
    public int count() {
        return count;
    }

    /** Whether no record fits in any more. */
    public boolean isFull() {
        return count == format.maxRecords();
    }

    /** Bytes of count and records. */
    public int length() {
        return format.countLength() + count * format.recordLength();
    }

    /** Count and records, {@link #length} bytes from index 0; position and limit mean nothing. */
    public ByteBuffer bytes() {
        return bytes;
    }

    /** Takes all records out. */
    public void clear() {
        setCount(0);
    }

    private void setCount(int newCount) {
        count = newCount;
        if (format.combined()) {
            bytes.putShort(0, (short) newCount);
        }
    }
}
