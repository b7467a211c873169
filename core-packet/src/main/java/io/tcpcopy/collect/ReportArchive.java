package io.tcpcopy.collect;

import io.tcpcopy.host.NotReadException;
import io.tcpcopy.observe.AddressMask;
import io.tcpcopy.options.OptionValue;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.StringJoiner;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A report's file: a compressed archive of texts, all of them masked. What cannot be read costs no more than its own part,
 * and is listed with the reason.
 */
final class ReportArchive implements AutoCloseable {
    /** The part that lists what is missing. */
    static final String NOT_READ = "not-read.txt";

    private static final String OWNER_ALONE = "rw-------";
    private static final int OWNER_ALONE_MODE = 0600;

    private final TarArchiveOutputStream tar;
    private final String folder;
    private final AddressMask mask;
    private final StringJoiner notRead = new StringJoiner("");
    private int partsNotRead;

    /** Gives a text. */
    @FunctionalInterface
    interface Part {
        /**
         * Reads it.
         *
         * @throws NotReadException when it cannot be read, which is no fault of the report
         * @throws IOException for the same reason
         */
        String read() throws NotReadException, IOException;
    }

    /**
     * Creates the file, which nobody but its owner may open. What is there already stays, also a link that leads nowhere.
     *
     * @param folder in which all parts are
     * @throws IOException when there is such a file, or none can be made
     */
    ReportArchive(Path file, String folder, AddressMask mask) throws IOException {
        this.folder = folder;
        this.mask = mask;
        SeekableByteChannel channel = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ALONE)));
        tar = new TarArchiveOutputStream(
                new GZIPOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel))));
    }

    /**
     * Adds a part, or why there is none.
     *
     * @param name of its file
     * @throws IOException when the archive cannot be written
     */
    void add(String name, Part part) throws IOException {
        String text;
        try {
            text = part.read();
        } catch (NotReadException e) {
            notRead(name, e.getMessage());
            return;
        } catch (IOException e) {
            notRead(name, OptionValue.reason(e));
            return;
        } catch (RuntimeException | LinkageError e) {
            // A fault of ours, or a library that is missing, must not cost what else there is to tell.
            notRead(name, e.toString());
            return;
        }
        write(name, text);
    }

    /** Lists what is not there. */
    void notRead(String name, String reason) {
        partsNotRead++;
        notRead.add(name + ": " + reason.replace('\n', ' ') + "\n");
    }

    /** How many parts are missing so far. */
    int partsNotRead() {
        return partsNotRead;
    }

    private void write(String name, String text) throws IOException {
        byte[] bytes = mask.mask(text).getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(folder + "/" + name);
        entry.setMode(OWNER_ALONE_MODE);
        entry.setSize(bytes.length);
        tar.putArchiveEntry(entry);
        tar.write(bytes);
        tar.closeArchiveEntry();
    }

    /** Adds the list of what is missing, and ends the file. */
    @Override
    public void close() throws IOException {
        try (tar) {
            write(NOT_READ, notRead.toString());
        }
    }
}
