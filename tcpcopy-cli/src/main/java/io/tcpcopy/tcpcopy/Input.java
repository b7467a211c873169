package io.tcpcopy.tcpcopy;

import io.tcpcopy.capture.CaptureTotals;
import io.tcpcopy.daemon.BadInputException;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.net.StartException;
import io.tcpcopy.session.PacketCopier;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Where captured packets come from. */
interface Input extends AutoCloseable {
    /**
     * Opens the input that the command line asks for.
     *
     * @param copier gets the packets
     * @param mayTake asked before a packet of a file is taken: while not, the replay waits
     * @param outcome what has become of what the copier was given
     * @param out where people see what they would not see in the log
     * @throws BadInputException when a device, a file or the filter cannot be used
     * @throws StartException when something cannot be opened
     */
    static Input open(
            TcpcopySettings settings,
            EventLoop loop,
            PacketCopier copier,
            BooleanSupplier mayTake,
            Supplier<ReplayOutcome> outcome,
            PrintWriter out)
            throws BadInputException, StartException {
        if (settings.offline().isEmpty()) {
            return new LiveInput(loop, settings.captures(), copier);
        }
        Optional<PrintWriter> besideLog = settings.lifeCycle().logFile().map(log -> out);
        return new OfflineInput(loop, settings.offline().get(), besideLog, copier, outcome, mayTake);
    }

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
