package io.tcpcopy.observe;

import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.metrics.Metric;
import io.tcpcopy.metrics.MetricSnapshot;
import java.util.List;
import java.util.Optional;

/**
 * What a program said of itself in one moment.
 *
 * @param metrics all its numbers
 * @param values what they stood at
 * @param findings what its diagnosis had found and still held
 * @param notReady why it did not do its work, in one line; empty where it did
 */
public record Observation(
        List<Metric> metrics, MetricSnapshot values, List<Finding> findings, Optional<String> notReady) {}
