package io.tcpcopy.memory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory the process really occupies: heap, packet pools, capture buffers and the JVM itself. */
public final class ResidentMemory {
    /** One value a line (proc_pid_status(5)); unlike statm it does not count in pages, whose size differs by machine. */
    private static final Path STATUS = Path.of("/proc/self/status");

    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s*(\\d+) kB");
    private static final long BYTES_PER_KB = 1024;

    private ResidentMemory() {}

    /** Resident bytes, or 0 where the kernel does not tell. */
    public static long bytes() {
        try {
            Matcher resident = RESIDENT.matcher(Files.readString(STATUS, StandardCharsets.ISO_8859_1));
            return resident.find() ? Long.parseLong(resident.group(1)) * BYTES_PER_KB : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
