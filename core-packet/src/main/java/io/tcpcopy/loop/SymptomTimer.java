package io.tcpcopy.loop;

import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.diagnosis.Symptom;
import io.tcpcopy.diagnosis.SymptomWatch;
import io.tcpcopy.metrics.MetricSnapshot;
import io.tcpcopy.metrics.Metrics;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every two seconds whether a program's numbers show a broken leg, and says in the log what does, and when it is over. A first look
 * takes some ten milliseconds, in which the JVM loads what it needs: one that counts for nothing comes at the start, when nothing waits
 * for the loop yet.
 */
public final class SymptomTimer {
    private static final Logger LOG = LoggerFactory.getLogger(SymptomTimer.class);

    private final EventLoop loop;
    private final Metrics metrics;
    private final Supplier<List<Symptom>> symptoms;
    private final LoopTimer timer;
    /** Null before the start. */
    private SymptomWatch watch;

    /** Looks for these symptoms from {@link #start} on, in numbers that are all there by then. */
    public SymptomTimer(EventLoop loop, Metrics metrics, Supplier<List<Symptom>> symptoms) {
        this.loop = loop;
        this.metrics = metrics;
        this.symptoms = symptoms;
        timer = loop.timer(this::look);
    }

    /** The first look comes in two seconds. */
    public void start() {
        List<Symptom> all = symptoms.get();
        MetricSnapshot beginning = metrics.snapshot();
        loadWhatALookNeeds(all, beginning);
        watch = new SymptomWatch(
                all, beginning, finding -> LOG.warn(finding.text()), finding -> LOG.info(finding.text()));
        timer.schedule(SymptomWatch.INTERVAL_NS);
    }

    private void loadWhatALookNeeds(List<Symptom> all, MetricSnapshot beginning) {
        new SymptomWatch(all, beginning, finding -> {}, finding -> {}).look(beginning, loop.nowNs());
    }

    /** What goes on at present. */
    public List<Finding> findings() {
        return watch == null ? List.of() : watch.findings();
    }

    private void look() {
        timer.schedule(SymptomWatch.INTERVAL_NS);
        watch.look(metrics.snapshot(), loop.nowNs());
    }
}
