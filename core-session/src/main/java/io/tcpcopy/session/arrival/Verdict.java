package io.tcpcopy.session.arrival;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;

/** What admission says of a captured packet. */
public enum Verdict implements Metric {
    /** It is a client's packet. */
    TAKEN("taken"),
    /** Of another protocol than the one that is copied. */
    OTHER_PROTOCOL("other protocol"),
    /** Lengths or flags that contradict each other. */
    MALFORMED("malformed"),
    /** An IP fragment. */
    FRAGMENT("fragment"),
    /** Captured only in part. */
    TRUNCATED("truncated"),
    /** Damaged on its way: its checksum is wrong, while those of its connection are right. */
    BAD_CHECKSUM("bad checksum"),
    /** To nowhere that a transfer names. */
    NO_TRANSFER("no transfer"),
    /** To a target: our own output. */
    TO_TARGET("to a target"),
    /** Not of this host, while the target is on loopback. */
    NOT_LOCAL("not local"),
    /** From 127.0.0.1, to which no other host can answer: -H is missing. */
    LOOPBACK_CLIENT("from 127.0.0.1 without -H"),
    /** From this host, a target or an intercept, to which no answer of a target could come back: -c is missing. */
    OWN_ADDRESS("own address"),
    /** Of a connection that another process copies. */
    OTHER_PART("other part"),
    /** Of a connection that the percentage leaves out. */
    NOT_SAMPLED("not sampled");

    private final String text;

    Verdict(String text) {
        this.text = text;
    }

    /** The name in logs. */
    public String text() {
        return text;
    }

    @Override
    public Description description() {
        return new Description(
                "captured_packets_total", "IPv4 packets captured, by what admission said of them.", "verdict", text);
    }
}
