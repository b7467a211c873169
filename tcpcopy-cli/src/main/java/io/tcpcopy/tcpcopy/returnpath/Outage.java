package io.tcpcopy.tcpcopy.returnpath;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.flow.Endpoint;

/**
 * Why nothing comes back from an intercept.
 *
 * @param intercept where it is expected
 * @param code what is wrong
 * @param reason for the log, without a full stop
 */
public record Outage(Endpoint intercept, Code code, String reason) {}
