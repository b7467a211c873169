package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.tcpcopy.returnpath.ReturnPathSettings;

/** The running program. All that needs privileges is open when it has been made. */
public interface CopyService extends AutoCloseable {
    /**
     * Copies connections.
     *
     * @throws BadInputException when a device, a file or the filter cannot be used
     * @throws StartException when something cannot be opened
     */
    static CopyService ofTcp(CopySettings settings, ReturnPathSettings returnPath, Input.Opener input)
            throws BadInputException, StartException {
        return new TcpService(settings, returnPath, input);
    }

    /**
     * Copies datagrams.
     *
     * @throws BadInputException when a device, a file or the filter cannot be used
     * @throws StartException when something cannot be opened
     */
    static CopyService ofUdp(CopySettings settings, Input.Opener input) throws BadInputException, StartException {
        return new UdpService(settings, input);
    }

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

    /** Has the statistics written at once, besides those every 30 seconds. Any thread may call it. */
    void writeStatisticsNow();

    @Override
    void close();
}
