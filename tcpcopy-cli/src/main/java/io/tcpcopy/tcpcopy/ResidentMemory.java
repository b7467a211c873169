package io.tcpcopy.tcpcopy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory the process really occupies: heap, packet pools, capture buffers and the JVM itself. */
final class ResidentMemory {
    /** Sizes in pages (proc_pid_statm(5)); the second number is what is resident. */
    private static final Path STATM = Path.of("/proc/self/statm");

    /** Page size in bytes on x86-64, and on most arm64 kernels. */
    private static final long PAGE_BYTES = 4096;

    private ResidentMemory() {}

    /** Resident bytes, or 0 where the kernel does not tell. */
    static long bytes() {
        try {
            String[] pages = Files.readString(STATM, StandardCharsets.US_ASCII).split(" ");
            return Long.parseLong(pages[1]) * PAGE_BYTES;
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }
}
