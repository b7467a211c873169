package io.tcpcopy.inject;

import io.tcpcopy.net.Errno;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** How often each error has happened. A single thread adds; any thread may read at any time. */
public final class ErrnoCounts {
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] counts = new long[Errno.HIGHEST + 1];

    /** Counts one error; a number that no kernel has is counted as 0. */
    void increment(int errno) {
        int index = errno > 0 && errno < counts.length ? errno : 0;
        COUNT.setOpaque(counts, index, counts[index] + 1);
    }

    /** How often an error has happened, 0 to {@link Errno#HIGHEST}; 0 stands for numbers beyond. */
    public long get(int errno) {
        return (long) COUNT.getOpaque(counts, errno);
    }
}
