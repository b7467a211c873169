package io.tcpcopy.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A text of the host, no more than 1 MB of it. It is cut between two lines, since half an address would not be told to be one.
 *
 * @param text what was kept
 * @param isCut whether there is more of it
 */
public record HostText(String text, boolean isCut) {
    /** How much of each text is kept. */
    public static final int MOST_BYTES = 1 << 20;

    private static final String CUT = "(cut here: longer than 1 MB)\n";

    /** The beginning. What the kernel shows has no length before it is read. */
    public static HostText read(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length <= MOST_BYTES) {
            return new HostText(decoded(bytes, 0, bytes.length), false);
        }
        int end = MOST_BYTES;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return new HostText(decoded(bytes, 0, end) + CUT, true);
    }

    /** The beginning of a file. */
    public static HostText read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return read(in);
        }
    }

    /** The end of a file. */
    public static HostText readEnd(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            long before = Math.max(0, Files.size(file) - MOST_BYTES);
            in.skipNBytes(before);
            byte[] bytes = in.readNBytes(MOST_BYTES);
            if (before == 0) {
                return new HostText(decoded(bytes, 0, bytes.length), false);
            }
            int start = 0;
            while (start < bytes.length && bytes[start++] != '\n') {
                // The first line is there in part.
            }
            return new HostText(CUT + decoded(bytes, start, bytes.length - start), true);
        }
    }

    private static String decoded(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8);
    }
}
