package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.session.admit.PacketCopier;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.tcpcopy.report.CopyOutcome;
import io.tcpcopy.tunnel.ResponseHandler;

/** What is copied, connections or datagrams: all in which the two differ while the program runs. */
interface Copying extends ResponseHandler {
    /** Gets clients' packets. */
    PacketCopier copier();

    /** No response comes back any more: to be waited for. */
    void pause();

    /** Responses come back again, and the routes are known. */
    void resume();

    /** Shows the routes of all that is under way. */
    void forEachRoute(Routes.Visitor visitor);

    /** What has become of what was copied so far. */
    CopyOutcome outcome();

    /** Writes the statistics. */
    void writeStatistics();

    /** What is copied, before what it is copied to, for the log; empty or with a blank at its end. */
    String kind();
}
