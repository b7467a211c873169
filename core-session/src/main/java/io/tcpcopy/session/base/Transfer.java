package io.tcpcopy.session.base;

import io.tcpcopy.flow.Endpoint;

/**
 * From where to where requests are copied.
 *
 * @param online what clients talk to; its address may be any
 * @param target the test server
 */
public record Transfer(Endpoint online, Endpoint target) {
    /** Whether all requests that another one behind this would copy are copied by this. */
    public boolean leavesNothingTo(Transfer later) {
        return online.port() == later.online.port()
                && (online.address().isAny() || online.address().equals(later.online.address()));
    }
}
