package io.tcpcopy.collect;

import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.doctor.Findings;
import io.tcpcopy.host.NotReadException;
import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;
import io.tcpcopy.metrics.MetricSnapshot;
import io.tcpcopy.metrics.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A program that runs, and what it says of itself. It is asked on its own thread, and does no more there than to note numbers.
 *
 * @param loop has something run on the program's thread soon; any thread may call it
 * @param metrics the program's numbers
 * @param findings what its diagnosis has found and still holds; asked on the program's thread
 */
public record RunningProgram(Executor loop, Metrics metrics, Supplier<List<Finding>> findings) {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What all numbers stood at in one moment. */
    private record Numbers(List<Metric> metrics, MetricSnapshot values) {}

    /** All numbers, a line for each, as Prometheus writes them: {@code tcpcopy_drops_total{reason="memory"} 3}. */
    String numbers() throws NotReadException {
        Numbers numbers = ask(() -> new Numbers(List.copyOf(metrics.all()), metrics.snapshot()));
        StringBuilder text = new StringBuilder();
        for (Metric metric : numbers.metrics()) {
            text.append(metrics.nameOf(metric))
                    .append(label(metric.description()))
                    .append(' ')
                    .append(inUnits(numbers.values().get(metric), metric.perUnit()))
                    .append('\n');
        }
        return text.toString();
    }

    private static String label(Description description) {
        return description.label().isEmpty()
                ? ""
                : "{" + description.label() + "=\"" + description.labelValue() + "\"}";
    }

    private static String inUnits(long value, long perUnit) {
        return perUnit == 1 ? Long.toString(value) : Double.toString(value / (double) perUnit);
    }

    /** What its diagnosis has found. */
    Findings found() throws NotReadException {
        return new Findings(ask(() -> List.copyOf(findings.get())));
    }

    private <T> T ask(Supplier<T> question) throws NotReadException {
        try {
            return CompletableFuture.supplyAsync(question, loop).get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new NotReadException("the program did not answer within " + PATIENCE.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw new NotReadException(e.getCause().toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotReadException("interrupted");
        }
    }
}
