package io.tcpcopy.tunnel;

/**
 * How response records are laid out on a connection. Both ends must agree on it beforehand: nothing on the wire tells.
 *
 * @param recordLength bytes of one record
 * @param maxRecords the most records in one batch
 * @param combined whether a batch begins with the number of its records; if not, each record is a batch by itself
 */
public record TunnelFormat(int recordLength, int maxRecords, boolean combined) {
    /** Batches of records that hold headers alone. */
    public static final TunnelFormat COMBINED = of(true, false);

    /** The most bytes of payload in a record, where records have any. */
    public static final int MAX_PAYLOAD = 128;

    /** The most records that any intercept puts into a batch. */
    static final int LARGEST_BATCH = 16;

    private static final int LARGEST_BATCH_WITH_PAYLOAD = 6;

    /**
     * The format of a mode.
     *
     * @param combined whether records come in batches
     * @param payload whether records have room for the beginning of the payload
     */
    public static TunnelFormat of(boolean combined, boolean payload) {
        int recordLength = ResponseRecord.HEADERS_LENGTH + (payload ? MAX_PAYLOAD : 0);
        if (!combined) {
            return new TunnelFormat(recordLength, 1, false);
        }
        return new TunnelFormat(recordLength, payload ? LARGEST_BATCH_WITH_PAYLOAD : LARGEST_BATCH, true);
    }

    /** Whether records have room for payload. */
    public boolean withPayload() {
        return recordLength > ResponseRecord.HEADERS_LENGTH;
    }

    /** Bytes of the longest batch. */
    public int maxBatchLength() {
        return countLength() + maxRecords * recordLength;
    }

    /** How many records a batch of a length in bytes holds. */
    public int recordsIn(int batchLength) {
        return (batchLength - countLength()) / recordLength;
    }

    /** Bytes of the number in front of a batch that says how many records follow. */
    int countLength() {
        return combined ? Short.BYTES : 0;
    }
}
