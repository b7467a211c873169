package io.tcpcopy.session.base;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Flow;

/**
 * By what a session is known: its client's connection as it was captured, and its own connection to the target. Written to
 * again for other sessions.
 */
public final class SessionIdentity {
    private final Flow captured = new Flow();
    private final Flow flow = new Flow();
    private final Flow responseFlow;
    private int copy;
    private int number;

    /** The identity of no session yet; {@code dnat} as in {@link Settings#dnat}. */
    public SessionIdentity(boolean dnat) {
        responseFlow = dnat ? new Flow() : flow;
    }

    /**
     * Makes this the identity of a session.
     *
     * @param newCaptured the real client and the online server, as captured
     * @param newCopy which of the copies of the client's connection the session is, 0 for the first
     * @param newFlow the client as the target sees it, and the target
     * @param newNumber counts sessions, and chooses among parallel connections to one intercept
     */
    public void set(Flow newCaptured, int newCopy, Flow newFlow, int newNumber) {
        captured.copyFrom(newCaptured);
        copy = newCopy;
        flow.copyFrom(newFlow);
        number = newNumber;
        if (responseFlow != flow) {
            writeResponseFlow(flow, responseFlow);
        }
    }

    /** From now on the target sees the client at another port. */
    public void clientPort(int port) {
        flow.clientPort(port);
        if (responseFlow != flow) {
            writeResponseFlow(flow, responseFlow);
        }
    }

    /** Makes this the same identity as another one. */
    public void copyFrom(SessionIdentity other) {
        set(other.captured, other.copy, other.flow, other.number);
    }

    /**
     * Writes what is known of a flow where targets answer from other addresses than they are spoken to (--dnat): all but
     * the target's address.
     */
    public static void writeResponseFlow(Flow flow, Flow known) {
        known.copyFrom(flow).serverAddress(Address.ANY);
    }

    /** The real client and the online server, as captured. */
    public Flow captured() {
        return captured;
    }

    /** Which of the copies of the client's connection the session is, 0 for the first. */
    public int copy() {
        return copy;
    }

    /** The client as the target sees it, and the target. */
    public Flow flow() {
        return flow;
    }

    /** By what responses are told to be the session's. */
    public Flow responseFlow() {
        return responseFlow;
    }

    /** Counts sessions, and chooses among parallel connections to one intercept. */
    public int number() {
        return number;
    }
}
