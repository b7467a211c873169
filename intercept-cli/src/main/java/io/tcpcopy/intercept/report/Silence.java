package io.tcpcopy.intercept.report;

/** What is known of why no response is captured. */
public enum Silence {
    /** Nothing. */
    UNEXPLAINED,
    /** Responses that tcpcopy has asked for arrive, but the filter leaves them out. */
    FILTERED,
    /** None arrives. */
    NOTHING_ARRIVES
}
