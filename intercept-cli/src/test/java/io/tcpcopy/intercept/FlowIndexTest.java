package io.tcpcopy.intercept;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FlowIndexTest {
    private static final int CLIENT = 0x0A000001;
    private static final int TARGET = 0x0A000002;

    private final FlowIndex<Route> index = new FlowIndex<>(16);

    /** Bits of a step: 0 to 3 choose the target's port, 4 the client's port, 5 whether to add or to remove. */
    @Property
    void findsTheOldestOfExactlyThatConnection(
            @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 63) Integer> steps) {
        FlowIndex<Route> tested = new FlowIndex<>(16);
        Map<Integer, Queue<Route>> model = new HashMap<>();
        for (int step : steps) {
            int connection = step & 31;
            int clientPort = 1000 + (connection >> 4);
            int targetPort = 80 + (connection & 15);
            Queue<Route> expected = model.computeIfAbsent(connection, unused -> new ArrayDeque<>());
            if (step < 32) {
                Route route = new Route();
                route.connect(CLIENT, clientPort, TARGET, targetPort);
                tested.add(route);
                expected.add(route);
            } else if (!expected.isEmpty()) {
                tested.remove(expected.remove());
            }
            assertThat(tested.find(CLIENT, clientPort, TARGET, targetPort)).isSameAs(expected.peek());
        }
    }

    @Test
    void allTargetsOfOneClientPortAreToldApart() {
        // More targets than there are folds, so that chains are certain.
        int targets = 200_000;
        for (int target = 0; target < targets; target++) {
            Route route = new Route();
            route.connect(CLIENT, 1000, target, 80);
            index.add(route);
        }
        for (int target = 0; target < targets; target++) {
            assertThat(index.find(CLIENT, 1000, target, 80).targetAddress()).isEqualTo(target);
        }
        assertThat(index.find(CLIENT, 1000, targets, 80)).isNull();
    }

    @Test
    void anotherTargetPortIsAnotherConnection() {
        Route route = new Route();
        route.connect(CLIENT, 1000, TARGET, 80);
        index.add(route);
        assertThat(index.find(CLIENT, 1000, TARGET, 81)).isNull();
        assertThat(index.find(CLIENT, 1001, TARGET, 80)).isNull();
        assertThat(index.find(CLIENT + 1, 1000, TARGET, 80)).isNull();
        assertThat(index.find(CLIENT, 1000, TARGET + 1, 80)).isNull();
    }

    @Test
    void entriesOfOneConnectionFollowEachOther() {
        Route first = new Route();
        Route second = new Route();
        first.connect(CLIENT, 1000, TARGET, 80);
        second.connect(CLIENT, 1000, TARGET, 80);
        index.add(first);
        index.add(second);
        assertThat(index.next(first)).isSameAs(second);
        assertThat(index.next(second)).isNull();
    }
}
