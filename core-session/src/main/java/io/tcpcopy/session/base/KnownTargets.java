package io.tcpcopy.session.base;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.flow.Flow;
import java.util.List;

/** What is known of each target. There are few. */
public final class KnownTargets {
    private final KnownTarget[] known;

    /** For the targets of transfers. */
    public KnownTargets(Settings settings) {
        List<Endpoint> endpoints = settings.targets();
        known = new KnownTarget[endpoints.size()];
        for (int i = 0; i < known.length; i++) {
            known[i] = new KnownTarget(endpoints.get(i), i);
        }
    }

    /** How many targets there are. */
    public int size() {
        return known.length;
    }

    /** By the number of its target. */
    public KnownTarget get(int number) {
        return known[number];
    }

    /**
     * What is known of the target of a flow.
     *
     * @throws IllegalArgumentException when it goes to no target
     */
    public KnownTarget of(Flow flow) {
        for (KnownTarget target : known) {
            if (flow.isTo(target.endpoint())) {
                return target;
            }
        }
        throw new IllegalArgumentException("no target: " + flow);
    }

    /** A turn ends at this time. */
    public void note(TargetLink link, long nowNs) {
        for (KnownTarget target : known) {
            target.note(
                    link.hasRoom(
                            target.endpoint().address().bits(),
                            target.endpoint().port()),
                    nowNs);
        }
    }
}
