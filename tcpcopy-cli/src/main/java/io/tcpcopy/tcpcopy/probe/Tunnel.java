package io.tcpcopy.tcpcopy.probe;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.tcpcopy.returnpath.Outage;
import io.tcpcopy.tcpcopy.returnpath.ReturnPath;
import io.tcpcopy.tunnel.ResponseHandler;
import io.tcpcopy.tunnel.ResponseRecord;
import java.util.Optional;
import java.util.function.Consumer;

/** The way back through one intercept: what comes back by it, and why nothing does. */
final class Tunnel implements ReturnPath.Listener {
    private final Endpoint intercept;
    private final ReturnPath path;
    private ResponseHandler responses;
    private Consumer<Routes.Visitor> openRoutes;
    private boolean wasUp;
    private Optional<Outage> trouble = Optional.empty();

    /** A tunnel that is not begun; the path is to this intercept alone. */
    Tunnel(Endpoint intercept, ReturnPath path) {
        this.intercept = intercept;
        this.path = path;
    }

    /** Begins to connect; {@code openRoutes} shows the routes that are wanted, should the connection have to be made again. */
    void start(ResponseHandler newResponses, Consumer<Routes.Visitor> newOpenRoutes) {
        responses = newResponses;
        openRoutes = newOpenRoutes;
        path.start(this);
    }

    Endpoint intercept() {
        return intercept;
    }

    ReturnPath path() {
        return path;
    }

    /** Whether it is connected, or could not be. */
    boolean isTried() {
        return wasUp || trouble.isPresent();
    }

    /** Whether it has ever been connected. */
    boolean wasUp() {
        return wasUp;
    }

    /** Why it is not connected, or was lost meanwhile; empty where nothing of that is so, or nothing has come back at all. */
    Optional<Outage> trouble() {
        return trouble;
    }

    @Override
    public void reachable() {
        wasUp = true;
    }

    @Override
    public void unreachable(Code code, String reason) {
        trouble = Optional.of(new Outage(intercept, code, reason));
    }

    @Override
    public void forEachRoute(Routes.Visitor visitor) {
        openRoutes.accept(visitor);
    }

    @Override
    public void response(ResponseRecord record) {
        responses.response(record);
    }
}
