package io.tcpcopy.tcpcopy;

import io.tcpcopy.capture.CaptureTotals;
import io.tcpcopy.daemon.BadInputException;
import java.util.List;
import java.util.Optional;

/** Where captured packets come from. */
interface Input extends AutoCloseable {
    /** Begins to give packets to the copier. */
    void start();

    /** What is done with it, for the log: that it is captured on a device, for instance. */
    String description();

    /** What is counted where packets come from, by source. */
    List<? extends CaptureTotals> totals();

    /**
     * The program ends, and nothing is under way any more: what there is to say at the end is said.
     *
     * @param failure what ended the program, if it was no signal and not the end of the input
     * @return the exit status
     * @throws BadInputException when the input turned out to be the wrong one
     */
    int end(Optional<String> failure) throws BadInputException;

    /** Closes what was opened. */
    @Override
    void close();
}
