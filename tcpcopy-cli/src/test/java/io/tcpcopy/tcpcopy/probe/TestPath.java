package io.tcpcopy.tcpcopy.probe;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.tcpcopy.returnpath.ReturnPath;
import io.tcpcopy.tunnel.ResponseRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A return path that a test says everything of: whether it is there, and what comes back by it. */
final class TestPath implements ReturnPath, Routes {
    /** The routes that intercept has been told, and those that it has been told to close. */
    final List<String> open = new ArrayList<>();

    final List<String> closed = new ArrayList<>();
    private final List<String> queued = new ArrayList<>();
    private final boolean upAtOnce;
    private Listener listener;
    private boolean up;

    private TestPath(boolean upAtOnce) {
        this.upAtOnce = upAtOnce;
    }

    /** One that comes up at once. */
    static TestPath up() {
        return new TestPath(true);
    }

    /** One that nothing is known of until the test says so. */
    static TestPath silent() {
        return new TestPath(false);
    }

    void comeUp() {
        up = true;
        listener.reachable();
    }

    void goDown(Code code, String reason) {
        up = false;
        listener.unreachable(code, reason);
    }

    /** A response comes back, whether or not anybody asked for it. */
    void response(ByteBuffer headers) {
        listener.response(new ResponseRecord().wrap(headers, 0));
    }

    @Override
    public void start(Listener newListener) {
        listener = newListener;
        if (upAtOnce) {
            comeUp();
        }
    }

    @Override
    public boolean add(int sessionNumber, Flow flow) {
        if (up) {
            queued.add(flow.toString());
        }
        return up;
    }

    @Override
    public void remove(int sessionNumber, Flow flow) {
        open.remove(flow.toString());
        closed.add(flow.toString());
    }

    @Override
    public Routes routes() {
        return this;
    }

    @Override
    public boolean isUp() {
        return up;
    }

    @Override
    public boolean isIndispensable() {
        return true;
    }

    @Override
    public void flush() {
        open.addAll(queued);
        queued.clear();
    }

    @Override
    public String description() {
        return "";
    }

    @Override
    public void addTo(Metrics metrics) {
        // Nothing is counted.
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
