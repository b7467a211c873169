package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.capture.CaptureCounters;
import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.open.CaptureOpener;
import io.tcpcopy.clock.KernelClock;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.session.admit.PacketCopier;
import io.tcpcopy.tcpcopy.report.CopyOutcome;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Where clients' packets come from. */
public interface Input extends AutoCloseable {
    /** Opens an input for the loop and the copier of a service. */
    @FunctionalInterface
    interface Opener {
        /**
         * Opens it; packets come from {@link Input#start} on.
         *
         * @param copier gets the packets
         * @param canSend whether packets would leave, and responses come back: while not, the replay of a file waits
         * @param metrics where the program's numbers will be, when it starts
         * @param outcome what has become of what the copier was given
         * @throws BadInputException when a device, a file or the filter cannot be used
         * @throws StartException when something cannot be opened
         */
        Input open(
                EventLoop loop,
                PacketCopier copier,
                BooleanSupplier canSend,
                Metrics metrics,
                Supplier<CopyOutcome> outcome)
                throws BadInputException, StartException;
    }

    /** Packets that are captured on devices, as each of the settings says. */
    static Opener capturing(List<CaptureSettings> captures) {
        return (loop, copier, canSend, metrics, outcome) ->
                new LiveInput(loop, CaptureOpener.open(captures), copier, KernelClock.realTime());
    }

    /** Packets of these sources, which are open; {@code wallClockNs} is the clock of their packets. */
    static Opener reading(List<PacketSource> sources, LongSupplier wallClockNs) {
        return (loop, copier, canSend, metrics, outcome) -> new LiveInput(loop, sources, copier, wallClockNs);
    }

    /** Begins to give packets to the copier. */
    void start();

    /** Whether packets are captured now, so that some may be expected. */
    boolean isLive();

    /** Why packets that should come cannot, in one line; empty when they can. */
    Optional<String> lost();

    /** What is done with it, for the log: that it is captured on a device, for instance. */
    String description();

    /** What is counted where packets come from, by source. */
    List<? extends CaptureCounters> counters();

    /**
     * Called once, when the loop has ended and nothing is under way any more: says what there is to say at the end.
     *
     * @param failure what ended the program, if it was no signal and not the end of the input
     * @return the exit status
     * @throws BadInputException when the input turned out to be the wrong one
     * @throws StartException when what there is to say cannot be written
     */
    int end(Optional<String> failure) throws BadInputException, StartException;

    /** Closes what was opened. */
    @Override
    void close();
}
