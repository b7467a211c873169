package io.tcpcopy.tcpcopy.offline;

import io.tcpcopy.capture.file.CaptureFile;
import io.tcpcopy.capture.file.DamagedFileException;
import io.tcpcopy.capture.open.CaptureOpener;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a capture holds of which nothing is taken: packets to other places, and what is left out whatever its place. */
final class NotTaken {
    /** So many records of a file tell what kind of file it is. */
    private static final int GLANCE_RECORDS = 10_000;

    private final SeenDestinations destinations = new SeenDestinations();
    private final LeftOut leftOut = new LeftOut();

    /** What the first records of a file are, whatever a filter says. */
    static NotTaken of(Path path) {
        NotTaken all = new NotTaken();
        try (CaptureFile file = CaptureOpener.openFile(path, "")) {
            for (int records = 0; records < GLANCE_RECORDS && file.next(); records++) {
                all.note(file, true);
            }
        } catch (DamagedFileException | BadInputException | StartException e) {
            // It could be read when the replay began; what is known so far has to do.
            return all;
        }
        return all;
    }

    /**
     * Notes the record that was read of a file, and not taken.
     *
     * @param destination whether it is of use where it goes
     */
    void note(CaptureFile file, boolean destination) {
        if (!file.hasPacket()) {
            leftOut.note(file.other());
        } else if (!leftOut.note(file.packet()) && destination) {
            destinations.note(file.packet());
        }
    }

    /** Whether anything goes to a place that may be named. */
    boolean hasDestinations() {
        return !destinations.toString().isEmpty();
    }

    /** What is left out. */
    LeftOut leftOut() {
        return leftOut;
    }

    /** All of it in words; empty if there is nothing. */
    @Override
    public String toString() {
        return Stream.of(destinations.toString(), leftOut.toString())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
    }
}
