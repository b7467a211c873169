package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.diagnosis.Symptom;
import io.tcpcopy.session.admit.PacketCopier;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.tcpcopy.report.CopyOutcome;
import io.tcpcopy.tunnel.ResponseHandler;
import io.tcpcopy.tunnel.ResponseRecord;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What is copied, connections or datagrams: all in which the two differ while the program runs. */
interface Copying extends ResponseHandler {
    /** Gets clients' packets. */
    PacketCopier copier();

    /** A response has come back. By default none is asked for. */
    @Override
    default void response(ResponseRecord record) {}

    /** No response comes back any more: to be waited for. By default nothing is. */
    default void pause() {}

    /** Responses come back again, and the routes are on their way. */
    default void resume() {}

    /** Shows the routes of all that is under way. By default there are none. */
    default void forEachRoute(Routes.Visitor visitor) {}

    /** A turn of the loop ends. */
    default void endTurn() {}

    /** What has become of what was copied so far. */
    CopyOutcome outcome();

    /**
     * What shows while a leg of the copy is broken.
     *
     * @param isTunnelOut whether nothing comes back of an intercept, be it one of several
     */
    List<Symptom> symptoms(BooleanSupplier isTunnelOut);

    /** Writes the statistics. */
    void writeStatistics();

    /** What is copied, for the log: of these transfers. */
    String describe(String transfers);
}
