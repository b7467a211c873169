package io.tcpcopy.daemon;

import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.Posix;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.OptionValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The file that holds the process ID. It is locked for as long as the process lives, so of several that start at once one
 * gets it. A file that is not locked may still name a process that runs, one that does not lock: it is respected. Any
 * other PID in it is left over from a process that was killed.
 */
final class PidFile {
    private static final Pattern PID = Pattern.compile("[1-9][0-9]{0,8}");
    /** How much of a file is read: more than a PID has, so that a longer content is seen not to be one. */
    private static final int READ_LENGTH = 32;

    private final Path path;
    private final int fd;

    private PidFile(Path path, int fd) {
        this.path = path;
        this.fd = fd;
    }

    /**
     * Writes this process's ID.
     *
     * @param file value of the option {@code -P}
     * @throws BadInputException when the file cannot be written, or holds something else
     * @throws StartException when the process that it names runs
     */
    static PidFile take(OptionValue file) throws BadInputException, StartException {
        Path path = file.path();
        try {
            PidFile taken = new PidFile(path, lock(file, path));
            taken.write(file);
            return taken;
        } catch (IOException e) {
            throw file.refused("cannot be written: " + OptionValue.reason(e));
        }
    }

    private static int lock(OptionValue file, Path path) throws BadInputException, StartException, IOException {
        while (true) {
            int fd = Posix.openFile(path.toString());
            if (fd < 0) {
                throw file.refused("cannot be written: " + Errno.message(-fd));
            }
            if (!Files.isRegularFile(path)) {
                Libc.close(fd);
                throw file.refused("is not a file");
            }
            if (Posix.lock(fd) < 0) {
                String other = content(path);
                Libc.close(fd);
                throw isRunning(file, other.isEmpty() ? "another process" : "process " + other);
            }
            if (isAt(fd, path)) {
                return fd;
            }
            // Its former owner has removed it in between.
            Libc.close(fd);
        }
    }

    private void write(OptionValue file) throws BadInputException, StartException, IOException {
        int own = Posix.pid();
        String content = content(path);
        if (!content.isEmpty()) {
            if (!PID.matcher(content).matches()) {
                throw file.refused("holds something else than a process ID: remove it, or name another file");
            }
            int other = Integer.parseInt(content);
            // In a container the one before may have had the same.
            if (other != own && Posix.isRunning(other)) {
                throw isRunning(file, "process " + other);
            }
        }
        try {
            Files.writeString(path, own + "\n");
        } catch (IOException e) {
            remove();
            throw e;
        }
    }

    /** Removes the file, unless somebody has put another in its place. */
    void remove() {
        try {
            if (isAt(fd, path)) {
                Files.delete(path);
            }
        } catch (IOException e) {
            // Where the folder does not allow it the file stays, and the next process finds that its PID does not run.
        }
        Libc.close(fd);
    }

    private static String content(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return new String(in.readNBytes(READ_LENGTH), StandardCharsets.ISO_8859_1).strip();
        }
    }

    private static boolean isAt(int fd, Path path) throws IOException {
        try {
            return Files.isSameFile(Path.of("/proc/self/fd", Integer.toString(fd)), path);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static StartException isRunning(OptionValue file, String process) {
        return new StartException("already running: " + process + " holds the PID file " + file.text());
    }
}
