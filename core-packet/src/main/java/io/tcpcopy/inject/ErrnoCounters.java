package io.tcpcopy.inject;

import io.tcpcopy.net.Errno;
import java.util.concurrent.atomic.AtomicLongArray;

/** A counter for each error number. A single thread adds; any thread may read at any time. */
public final class ErrnoCounters {
    private final AtomicLongArray values = new AtomicLongArray(Errno.HIGHEST + 1);

    /** Counts one error; a number that no kernel has is counted as 0. */
    void increment(int errno) {
        int index = errno > 0 && errno <= Errno.HIGHEST ? errno : 0;
        values.setOpaque(index, values.getPlain(index) + 1);
    }

    /** How often an error has happened, 0 to {@link Errno#HIGHEST}; 0 stands for numbers beyond. */
    public long get(int errno) {
        return values.getOpaque(errno);
    }
}
