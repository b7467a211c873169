package io.tcpcopy.intercept;

import io.tcpcopy.rooms.Rooms;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Imports run one way: from intercept to the core, and from room to room. */
class InterceptImportsTest {
    private static final String MAIN = "io.tcpcopy.intercept";

    /** The libraries that touch the system stay behind the packages of core-packet. */
    private static final List<String> OUTSIDE = Stream.concat(
                    Rooms.CORE_PACKET.stream(), Stream.of("picocli..", "org.slf4j..", "java.."))
            .toList();

    /** A new room has to be named here, with the rooms that it may use. */
    private static final Rooms ROOMS = new Rooms(
            MAIN,
            Map.of(
                    MAIN,
                    rooms("collect", "doctor", "serve", "options"),
                    MAIN + ".collect",
                    rooms("doctor", "options", "routing"),
                    MAIN + ".doctor",
                    rooms("options", "routing"),
                    MAIN + ".serve",
                    rooms("doctor", "options", "routing", "report"),
                    MAIN + ".options",
                    rooms("routing"),
                    MAIN + ".routing",
                    rooms("report"),
                    MAIN + ".report",
                    rooms()));

    private static List<String> rooms(String... names) {
        return Rooms.using(MAIN, OUTSIDE, names);
    }

    @Test
    void aRoomUsesOnlyRoomsBelowIt() {
        ROOMS.useOnlyWhatTheyMay();
        ROOMS.areAllNamed();
    }

    @Test
    void noPackageIsInACircle() {
        ROOMS.formNoCircle();
    }

    @Test
    void noRoomIsCrowded() {
        ROOMS.areNotCrowded();
    }

    @Test
    void noSignatureTakesBothEndsOfAConnectionAsNumbers() {
        ROOMS.takeBothEndsAsAFlow(MAIN + "..");
    }
}
