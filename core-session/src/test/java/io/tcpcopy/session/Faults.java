package io.tcpcopy.session;

/** What tests do with faults of the program. */
public final class Faults {
    private Faults() {}

    /** Has the test end with it. */
    public static void rethrow(RuntimeException fault) {
        throw fault;
    }
}
