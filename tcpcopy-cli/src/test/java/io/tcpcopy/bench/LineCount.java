package io.tcpcopy.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counts the lines of a file that grows, and reads each part of it once. */
final class LineCount {

    private static final int PART_BYTES = 64 * 1024;

    private final Path file;
    private final byte[] part = new byte[PART_BYTES];
    private long position;
    private long lines;

    LineCount(Path file) {
        this.file = file;
    }

    /** The lines that are complete by now. */
    long lines() {
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(position);
            int length;
            while ((length = in.read(part)) > 0) {
                position += length;
                for (int i = 0; i < length; i++) {
                    lines += part[i] == '\n' ? 1 : 0;
                }
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
