package io.tcpcopy.clock;

import io.tcpcopy.net.Libc;
import io.tcpcopy.net.NativeMemory;
import java.nio.ByteOrder;
import java.util.function.LongSupplier;

/** A clock of the kernel (clock_gettime(2)) that Java has not, or only in coarser steps. Reading it allocates nothing. */
public final class KernelClock implements LongSupplier {
    /** CLOCK_REALTIME: the time since 1970, which captured packets are stamped with. It may be set. */
    private static final int REAL_TIME = 0;
    /** CLOCK_PROCESS_CPUTIME_ID: processor time of all threads of this process. */
    private static final int PROCESS_CPU_TIME = 2;

    private static final long NS_PER_S = 1_000_000_000;

    private final int id;
    /** A {@code struct timespec}: seconds and nanoseconds of 64 bits each. */
    private final NativeMemory time = NativeMemory.allocate(2 * Long.BYTES, ByteOrder.nativeOrder());

    private KernelClock(int id) {
        this.id = id;
    }

    /** The time since 1970. */
    public static KernelClock realTime() {
        return new KernelClock(REAL_TIME);
    }

    /** The processor time that this process has used, in all its threads. */
    public static KernelClock processCpuTime() {
        return new KernelClock(PROCESS_CPU_TIME);
    }

    /** What it shows, in nanoseconds. */
    @Override
    public long getAsLong() {
        Libc.clockTime(id, time.address(0, time.size()));
        return time.buffer().getLong(0) * NS_PER_S + time.buffer().getLong(Long.BYTES);
    }
}
