package io.tcpcopy.bench;

import io.tcpcopy.bench.Row.Course;
import io.tcpcopy.lab.Copying;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One run of a row.
 *
 * @param row which
 * @param outcome what became of the requests
 * @param seconds how long the load took
 * @param tcpcopy what it cost
 * @param intercept what it cost
 * @param kernelDrops packets that the kernel dropped before the programs saw them, where their logs tell
 * @param shed requests that tcpcopy's log says were left out on purpose, all copies counted; where it tells
 * @param retransmitted packets that tcpcopy repeated, where its log tells
 * @param repeatedPerLost bytes of payload that tcpcopy repeated, for each byte that the network lost; where its log tells
 * @param lagSeconds how long after the load the last copy had arrived, to a fifth of a second; 0 where it did so before
 * @param delay of copies, where they were timed
 * @param ledger what tcpcopy's last statistics say became of the requests: a word or two
 * @param programFaults what is wrong with the programs, in words; empty if all is well
 */
record Measurement(
        Row row,
        Traffic.Outcome outcome,
        double seconds,
        Cost tcpcopy,
        Cost intercept,
        OptionalLong kernelDrops,
        OptionalLong shed,
        OptionalLong retransmitted,
        OptionalDouble repeatedPerLost,
        double lagSeconds,
        Optional<Delay> delay,
        String ledger,
        List<String> programFaults) {

    /**
     * What a program cost.
     *
     * @param cpuSeconds from the start of the load, or of the program if that is later, to the last request's arrival
     * @param peakResidentBytes the most memory that it had resident
     */
    record Cost(double cpuSeconds, long peakResidentBytes) {

        double cpuMicrosPerRequest(long requests) {
            return requests == 0 ? 0 : cpuSeconds * 1e6 / requests;
        }
    }

    /** What is wrong, in words, with the programs and with what arrived; empty if all is well. */
    List<String> faults() {
        return Stream.concat(programFaults.stream(), outcome.faults().stream()).toList();
    }

    /** Longer than any wait of a session that has something to send. */
    private static final Duration NOTHING_MORE_COMES = Duration.ofSeconds(15);
    /** A copy that is not there a minute after its request is as good as lost. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    /** Time for what comes twice to come, and for a buffered log to be written. */
    private static final Duration SETTLING = Duration.ofSeconds(1);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    /** How long tcpcopy is stopped where a row says so. */
    private static final Duration STOPPED = Duration.ofMillis(500);

    private static final Pattern KERNEL_DROPS = Pattern.compile("capture kernel drops:(\\d+)");
    private static final Pattern SHED = Pattern.compile("ledger dropped shed bytes:\\d+,requests:(\\d+)");
    private static final Pattern RETRANSMITTED = Pattern.compile("] retransmit:(\\d+)");
    private static final Pattern RETRANSMITTED_BYTES = Pattern.compile("] retransmit:\\d+, bytes:(\\d+)");

    /**
     * Runs a row in a lab of its own.
     *
     * @param contender what copies; the ledger of ours must balance
     * @param lab not up yet
     * @param logs folder for the programs' logs
     * @throws AssertionError if the run came to nothing: it says why
     */
    static Measurement take(Row row, Contender contender, LabHosts lab, Path logs) throws IOException {
        lab.up();
        try {
            Traffic traffic = row.serve(lab);
            row.fault().accept(lab);
            Copying copying = new Copying(lab, traffic.port(), contender.programs());
            try {
                return measure(row, traffic, copying, contender.ours(), lab);
            } finally {
                save(copying, logs);
            }
        } finally {
            lab.down();
        }
    }

    private static Measurement measure(Row row, Traffic traffic, Copying copying, boolean ours, LabHosts lab) {
        boolean inTheMiddle = row.course() == Course.IN_THE_MIDDLE;
        copying.startIntercept();
        if (inTheMiddle) {
            traffic.start();
            traffic.awaitRunning();
        }
        copying.startTcpcopy(row.copies() > 1 ? new String[] {"-n", "" + row.copies()} : new String[0]);
        Duration tcpcopyBefore = copying.tcpcopy().cpuTime();
        Duration interceptBefore = copying.intercept().cpuTime();
        Optional<DelayWatch> watch =
                row.course() == Course.WATCHED ? Optional.of(new DelayWatch(lab, traffic.port())) : Optional.empty();
        if (!inTheMiddle) {
            traffic.start();
        }
        if (row.course() == Course.STOPPED) {
            traffic.awaitRunning();
            copying.tcpcopy().pause();
            sleep(STOPPED);
            copying.tcpcopy().resume();
        }
        double seconds = traffic.complete();
        double lagSeconds = awaitArrival(traffic);
        Cost tcpcopy = cost(copying.tcpcopy(), tcpcopyBefore);
        Cost intercept = cost(copying.intercept(), interceptBefore);
        sleep(SETTLING);
        Optional<Delay> delay = watch.map(DelayWatch::end);

        List<String> faults = new ArrayList<>();
        for (HostProcess program : List.of(copying.tcpcopy(), copying.intercept())) {
            int status = program.terminate();
            if (status != 0 && ours) {
                faults.add(program.name() + " ended with status " + status);
            }
        }
        Traffic.Outcome outcome = traffic.outcome();
        String log = copying.tcpcopy().output();
        String ledger = ledger(log, ours, faults);
        return new Measurement(
                row,
                outcome,
                seconds,
                tcpcopy,
                intercept,
                sum(
                        last(KERNEL_DROPS, log),
                        last(KERNEL_DROPS, copying.intercept().output())),
                last(SHED, log),
                last(RETRANSMITTED, log),
                ratio(last(RETRANSMITTED_BYTES, log), lab.lostBytes()),
                lagSeconds,
                delay,
                ledger,
                faults);
    }

    /** Returns how long it took, in seconds. */
    private static double awaitArrival(Traffic traffic) {
        long expected = traffic.expected();
        long arrived = traffic.arrived();
        long startNs = System.nanoTime();
        long lastArrivalNs = startNs;
        long nowNs = startNs;
        while (arrived < expected
                && nowNs - lastArrivalNs < NOTHING_MORE_COMES.toNanos()
                && nowNs - startNs < LONGEST_WAIT.toNanos()) {
            sleep(BETWEEN_LOOKS);
            nowNs = System.nanoTime();
            long before = arrived;
            arrived = traffic.arrived();
            if (arrived > before) {
                lastArrivalNs = nowNs;
            }
        }
        return (lastArrivalNs - startNs) / 1e9;
    }

    private static Cost cost(HostProcess program, Duration before) {
        return new Cost(program.cpuTime().minus(before).toNanos() / 1e9, program.peakResidentBytes());
    }

    private static String ledger(String log, boolean ours, List<String> faults) {
        if (!log.contains("ledger requests")) {
            if (ours) {
                faults.add("no ledger");
            }
            return "-";
        }
        FinalLedger ledger = FinalLedger.parse(log);
        try {
            ledger.assertBalances();
        } catch (AssertionError e) {
            faults.add("the ledger does not balance: " + e.getMessage());
            return "wrong";
        }
        long missing = ledger.requests().missing();
        return missing == 0 ? "complete" : missing + " missing";
    }

    private static OptionalLong last(Pattern number, String log) {
        return number.matcher(log)
                .results()
                .mapToLong((MatchResult match) -> Long.parseLong(match.group(1)))
                .reduce((earlier, later) -> later);
    }

    private static OptionalDouble ratio(OptionalLong number, long divisor) {
        return number.isPresent() && divisor > 0
                ? OptionalDouble.of((double) number.getAsLong() / divisor)
                : OptionalDouble.empty();
    }

    private static OptionalLong sum(OptionalLong one, OptionalLong other) {
        return one.isPresent() && other.isPresent()
                ? OptionalLong.of(one.getAsLong() + other.getAsLong())
                : OptionalLong.empty();
    }

    private static void sleep(Duration time) {
        long untilNs = System.nanoTime() + time.toNanos();
        for (long leftNs = time.toNanos(); leftNs > 0; leftNs = untilNs - System.nanoTime()) {
            LockSupport.parkNanos(leftNs);
        }
    }

    private static void save(Copying copying, Path logs) {
        try {
            Files.createDirectories(logs);
            for (HostProcess program : Arrays.asList(copying.tcpcopy(), copying.intercept())) {
                if (program != null) {
                    Files.writeString(logs.resolve(program.name() + ".log"), program.output());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
