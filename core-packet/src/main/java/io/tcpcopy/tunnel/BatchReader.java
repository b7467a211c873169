package io.tcpcopy.tunnel;

import java.nio.ByteBuffer;

/**
 * Reads the stream from one intercept: batches of response records. Pieces may end anywhere; each record is handed on
 * as soon as it is whole, so a batch need not be. Any sequence of bytes leads to records or to a refusal; one of another
 * format than expected leads to a refusal that says what differs.
 */
public final class BatchReader {
    /**
     * The most empty batches in a row: no intercept sends more. What looks like more is the unused room for payload in
     * a record that is longer than expected.
     */
    private static final int MAX_EMPTY_BATCHES = TunnelFormat.MAX_PAYLOAD / Short.BYTES - 1;

    private static final String NOT_COMBINED =
            "it does not combine its responses: give --disable-combined to both programs or to neither";
    private static final String COMBINED =
            "it combines its responses: give --disable-combined to both programs or to neither";
    private static final String OTHER_LENGTH =
            "its records are of another length: give --resp-payload to both programs or to neither";
    private static final String NONSENSE = "it sends what no intercept sends";

    private final TunnelFormat format;
    private final ResponseHandler handler;
    private final FixedLengthAssembler assembler;
    private final ResponseRecord response = new ResponseRecord();

    private int recordsLeft;
    private boolean anyRecord;
    private int emptyBatches;
    private String refusal;

    /** A reader at the beginning of a stream. */
    public BatchReader(TunnelFormat format, ResponseHandler handler) {
        this.format = format;
        this.handler = handler;
        assembler = new FixedLengthAssembler(format.recordLength());
    }

    /**
     * Takes all that remains in a piece of the stream and hands each whole record to the handler.
     *
     * @return false when this is no stream of the format: the connection is to be closed, and all that it sends is
     *     ignored; {@link #refusal} says why
     */
    public boolean read(ByteBuffer piece) {
        while (refusal == null && piece.hasRemaining()) {
            if (recordsLeft == 0) {
                beginBatch(piece);
            } else if (assembler.fill(piece, format.recordLength())) {
                takeRecord();
            }
        }
        piece.position(piece.limit());
        return refusal == null;
    }

    /** Why the stream is refused, for the log, without a full stop; null while it is not. */
    public String refusal() {
        return refusal;
    }

    private void beginBatch(ByteBuffer piece) {
        if (!format.combined()) {
            recordsLeft = 1;
        } else if (assembler.fill(piece, format.countLength())) {
            takeCount(assembler.bytes().getShort(0) & 0xFFFF);
            assembler.clear();
        }
    }

    private void takeCount(int count) {
        emptyBatches = count == 0 ? emptyBatches + 1 : 0;
        if (emptyBatches > MAX_EMPTY_BATCHES) {
            refusal = anyRecord ? OTHER_LENGTH : NONSENSE;
        } else if (count > format.maxRecords()) {
            refusal = wrongCount(count);
        } else {
            recordsLeft = count;
        }
    }

    private String wrongCount(int count) {
        if (anyRecord || count <= TunnelFormat.LARGEST_BATCH) {
            return OTHER_LENGTH;
        }
        return beginsRecord(count >>> Byte.SIZE) ? NOT_COMBINED : NONSENSE;
    }

    private void takeRecord() {
        assembler.clear();
        recordsLeft--;
        response.wrap(assembler.bytes(), 0);
        if (response.isPossible(format.recordLength())) {
            anyRecord = true;
            handler.response(response);
        } else if (beginsRecord(response.buffer().get(0)) || anyRecord) {
            refusal = OTHER_LENGTH;
        } else {
            refusal = beginsBatch() ? COMBINED : NONSENSE;
        }
    }

    /** Whether what should be a record by itself is a batch: a count, then a record. */
    private boolean beginsBatch() {
        int count = response.buffer().getShort(0);
        return !format.combined()
                && count > 0
                && count <= TunnelFormat.LARGEST_BATCH
                && beginsRecord(response.buffer().get(Short.BYTES));
    }

    /** Whether a byte is the first of an IPv4 header: version 4, and a length of at least 5 words. */
    private static boolean beginsRecord(int firstByte) {
        return (firstByte & 0xF0) == 0x40 && (firstByte & 0x0F) >= 5;
    }
}
