package io.tcpcopy.tcpcopy.returnpath;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.tunnel.ResponseHandler;
import java.util.List;

/** How responses of targets come back. It may be lost and come back itself, and says so. */
public interface ReturnPath extends AutoCloseable {
    /** Hears of the path, and takes what comes back. */
    interface Listener extends ResponseHandler {
        /** Responses come back from now on. */
        void reachable();

        /** None come back any more, or could from the start; {@code reason} says why, for the log, and {@code code} what is wrong. */
        void unreachable(Code code, String reason);

        /** Shows the routes of all sessions, which have to be announced again. */
        void forEachRoute(Routes.Visitor visitor);
    }

    /** Through what sessions ask for their responses. */
    Routes routes();

    /** Begins to look for it; the listener hears of it at once or later. */
    void start(Listener listener);

    /** Whether responses come back at present. */
    boolean isUp();

    /** Why nothing comes back from each intercept that is out, for a moment perhaps. By default there is none. */
    default List<Outage> outages() {
        return List.of();
    }

    /** Where intercepts are expected. By default there is none. */
    default List<Endpoint> intercepts() {
        return List.of();
    }

    /** Whether the program must end when it is lost. */
    boolean isIndispensable();

    /** Lets the routes leave that were asked for: to be called before the packets that they are for. */
    void flush();

    /** What it is, for the log. */
    String description();

    /** Adds what is counted. */
    void addTo(Metrics metrics);

    /** Ends it. */
    @Override
    void close();
}
