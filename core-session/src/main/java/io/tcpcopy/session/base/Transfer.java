package io.tcpcopy.session.base;

import io.tcpcopy.flow.Endpoint;

/**
 * From where to where requests are copied.
 *
 * @param online what clients talk to; its address may be any
 * @param target the test server
 */
public record Transfer(Endpoint online, Endpoint target) {}
