package io.tcpcopy.tcpcopy;

import io.tcpcopy.net.StartException;

/** The running program. All that needs privileges is open when it has been made. */
interface CopyService extends AutoCloseable {
    /**
     * Runs until {@link #stop}, and writes the last statistics.
     *
     * @param whenStarted called when copying begins
     * @throws StartException when the program has to give up
     */
    void run(Runnable whenStarted) throws StartException;

    /** Ends {@link #run}. Any thread may call it. */
    void stop();

    /** Has the statistics written, out of their turn. Any thread may call it. */
    void writeStatisticsNow();

    @Override
    void close();
}
