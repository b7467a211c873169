package io.tcpcopy.tunnel;

import java.nio.ByteBuffer;

/**
 * Reads the stream from one intercept: batches of response records. Pieces may end anywhere; each record is handed on
 * as soon as it is whole, so a batch need not be. Any sequence of bytes leads to records or to a refusal.
 */
public final class BatchReader {
    private final TunnelFormat format;
    private final ResponseHandler handler;
    private final FixedLengthAssembler assembler;
    private final ResponseRecord response = new ResponseRecord();

    private int recordsLeft;
    private boolean refused;

    /** A reader at the beginning of a stream. */
    public BatchReader(TunnelFormat format, ResponseHandler handler) {
        this.format = format;
        this.handler = handler;
        assembler = new FixedLengthAssembler(format.recordLength());
    }

    /**
     * Takes all that remains in a piece of the stream and hands each whole record to the handler.
     *
     * @return false when a batch claims more records than are allowed: the connection is to be closed, and all that
     *     it sends is ignored
     */
    public boolean read(ByteBuffer piece) {
        while (!refused && piece.hasRemaining()) {
            if (recordsLeft == 0) {
                readCount(piece);
            } else if (assembler.fill(piece, format.recordLength())) {
                assembler.clear();
                recordsLeft--;
                handler.response(response.wrap(assembler.bytes(), 0));
            }
        }
        piece.position(piece.limit());
        return !refused;
    }

    private void readCount(ByteBuffer piece) {
        if (!assembler.fill(piece, TunnelFormat.COUNT_LENGTH)) {
            return;
        }
        recordsLeft = assembler.bytes().getShort(0) & 0xFFFF;
        refused = recordsLeft > format.maxRecords();
        assembler.clear();
    }
}
