package io.tcpcopy.tunnel;

/**
 * How response records are laid out on a connection. Both ends must agree on it beforehand: nothing on the wire tells.
 *
 * @param recordLength bytes of one record
 * @param maxRecords the most records in one batch
 */
public record TunnelFormat(int recordLength, int maxRecords) {
    /** Batches of records that hold headers alone. */
    public static final TunnelFormat COMBINED = new TunnelFormat(ResponseRecord.HEADERS_LENGTH, 16);

    /** Bytes of the number in front of a batch that says how many records follow. */
    static final int COUNT_LENGTH = Short.BYTES;

    /** Bytes of the longest batch. */
    public int maxBatchLength() {
        return COUNT_LENGTH + maxRecords * recordLength;
    }

    /** How many records a batch of a length in bytes holds. */
    public int recordsIn(int batchLength) {
        return (batchLength - COUNT_LENGTH) / recordLength;
    }
}
