package io.tcpcopy.inject;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;

/** What a thread of root may do (capabilities(7)). */
public final class Capabilities {
    /** {@code _LINUX_CAPABILITY_VERSION_3} of {@code linux/capability.h}. */
    private static final int VERSION = 0x20080522;

    private static final int HEADER_BYTES = 8;
    /** Two parts of three words each: effective, permitted, inheritable. */
    private static final int DATA_BYTES = 24;

    private static final int CAP_NET_ADMIN = 12;

    private Capabilities() {}

    /** Gives CAP_NET_ADMIN up for this thread, until it ends. */
    public static void giveUpNetAdmin() {
        NativeLibrary libc = NativeLibrary.getInstance("c");
        Memory header = new Memory(HEADER_BYTES);
        header.setInt(0, VERSION);
        header.setInt(Integer.BYTES, 0);
        Memory data = new Memory(DATA_BYTES);
        assertThat(libc.getFunction("capget").invokeInt(new Object[] {header, data}))
                .isZero();
        data.setInt(0, data.getInt(0) & ~(1 << CAP_NET_ADMIN));
        assertThat(libc.getFunction("capset").invokeInt(new Object[] {header, data}))
                .isZero();
    }
}
