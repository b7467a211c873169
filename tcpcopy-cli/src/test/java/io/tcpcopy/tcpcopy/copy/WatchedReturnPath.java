package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.tcpcopy.returnpath.Outage;
import io.tcpcopy.tcpcopy.returnpath.ReturnPath;
import io.tcpcopy.tunnel.ResponseHandler;
import io.tcpcopy.tunnel.ResponseRecord;
import java.util.List;

/** A return path of which somebody is told what comes back, before the program is. */
record WatchedReturnPath(ReturnPath path, ResponseHandler watcher) implements ReturnPath {
    @Override
    public Routes routes() {
        return path.routes();
    }

    @Override
    public void start(Listener listener) {
        path.start(new Listener() {
            @Override
            public void reachable() {
                listener.reachable();
            }

            @Override
            public void unreachable(Code code, String reason) {
                listener.unreachable(code, reason);
            }

            @Override
            public void forEachRoute(Routes.Visitor visitor) {
                listener.forEachRoute(visitor);
            }

            @Override
            public void response(ResponseRecord record) {
                watcher.response(record);
                listener.response(record);
            }
        });
    }

    @Override
    public boolean isUp() {
        return path.isUp();
    }

    @Override
    public List<Outage> outages() {
        return path.outages();
    }

    @Override
    public List<Endpoint> intercepts() {
        return path.intercepts();
    }

    @Override
    public boolean isIndispensable() {
        return path.isIndispensable();
    }

    @Override
    public void flush() {
        path.flush();
    }

    @Override
    public String description() {
        return path.description();
    }

    @Override
    public void addTo(Metrics metrics) {
        path.addTo(metrics);
    }

    @Override
    public void close() {
        path.close();
    }
}
