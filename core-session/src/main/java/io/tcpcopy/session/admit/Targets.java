package io.tcpcopy.session.admit;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.session.base.Settings;
import java.util.List;

/** The test servers that requests are copied to. There are few. */
public final class Targets {
    private final List<Endpoint> endpoints;
    private final boolean dnat;

    /** The targets of transfers. */
    public Targets(Settings settings) {
        dnat = settings.dnat();
        endpoints = settings.targets();
    }

    /** Whether a flow goes to one of them. */
    public boolean contain(Flow flow) {
        for (int index = 0; index < endpoints.size(); index++) {
            if (flow.isTo(endpoints.get(index))) {
                return true;
            }
        }
        return false;
    }

    /** Whether one of them may have sent a response of this flow; with --dnat from any address. */
    public boolean mayAnswer(Flow flow) {
        if (!dnat) {
            return contain(flow);
        }
        for (int index = 0; index < endpoints.size(); index++) {
            if (flow.serverPort() == endpoints.get(index).port()) {
                return true;
            }
        }
        return false;
    }
}
