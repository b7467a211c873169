package io.tcpcopy.tcpcopy;

import io.tcpcopy.daemon.BadInputException;
import io.tcpcopy.net.StartException;

/** The running program. All that needs privileges is open when it has been made. */
interface CopyService extends AutoCloseable {
    /**
     * Runs until {@link #stop} or the end of the input, and writes the last statistics.
     *
     * @param whenStarted called when copying begins
     * @return the exit status
     * @throws BadInputException when the input turned out to be the wrong one
     * @throws StartException when the program has to give up
     */
    int run(Runnable whenStarted) throws BadInputException, StartException;

    /** Ends {@link #run}. Any thread may call it. */
    void stop();

    /** Has the statistics written, out of their turn. Any thread may call it. */
    void writeStatisticsNow();

    @Override
    void close();
}
