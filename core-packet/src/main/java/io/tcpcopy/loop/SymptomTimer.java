package io.tcpcopy.loop;

import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.diagnosis.Symptom;
import io.tcpcopy.diagnosis.SymptomWatch;
import io.tcpcopy.metrics.Metrics;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every two seconds whether a program's numbers show a broken leg, and says in the log what does, and when it is over. */
public final class SymptomTimer {
    private static final Logger LOG = LoggerFactory.getLogger(SymptomTimer.class);

    private final EventLoop loop;
    private final Metrics metrics;
    private final SymptomWatch watch;
    private final LoopTimer timer;

    /** Looks for these symptoms from {@link #start} on, in numbers that are all there already. */
    public SymptomTimer(EventLoop loop, Metrics metrics, List<Symptom> symptoms) {
        this.loop = loop;
        this.metrics = metrics;
        watch = new SymptomWatch(
                symptoms, metrics.snapshot(), finding -> LOG.warn(finding.text()), finding -> LOG.info(finding.text()));
        timer = loop.timer(this::look);
    }

    /** The first look comes in two seconds. */
    public void start() {
        timer.schedule(SymptomWatch.INTERVAL_NS);
    }

    /** What goes on at present. */
    public List<Finding> findings() {
        return watch.findings();
    }

    private void look() {
        start();
        watch.look(metrics.snapshot(), loop.nowNs());
    }
}
