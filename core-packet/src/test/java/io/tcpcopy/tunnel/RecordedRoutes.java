package io.tcpcopy.tunnel;

import io.tcpcopy.flow.Flow;
import java.util.ArrayList;
import java.util.List;

/** Writes down in words what a {@link RouteReader} finds. */
final class RecordedRoutes implements RouteHandler {
    final List<String> events = new ArrayList<>();

    @Override
    public void version(int version) {
        events.add("version " + version);
    }

    @Override
    public void addRoute(Flow flow) {
        events.add("add " + flow);
    }

    @Override
    public void deleteRoute(Flow flow) {
        events.add("delete " + flow);
    }

    @Override
    public void unknownType(int type) {
        events.add("unknown " + type);
    }
}
