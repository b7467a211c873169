package io.tcpcopy.diagnosis;

import io.tcpcopy.metrics.MetricSnapshot;
import java.util.function.Function;

/**
 * Something that shows in a program's numbers while a leg of the way is broken.
 *
 * @param code what is wrong then
 * @param state whether it is so, judged by how far counters went lately
 * @param seen what is seen, with the numbers
 * @param remedy what an operator does about it
 */
public record Symptom(
        Code code, Function<MetricSnapshot, State> state, Function<MetricSnapshot, String> seen, String remedy) {
    /** What numbers tell. */
    public enum State {
        /** Nothing happened that would tell: what was so before still counts. */
        UNKNOWN,
        /** It works. */
        WORKS,
        /** It does not. */
        BROKEN
    }
}
