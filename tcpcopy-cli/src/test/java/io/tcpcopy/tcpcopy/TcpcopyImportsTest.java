package io.tcpcopy.tcpcopy;

import io.tcpcopy.rooms.Rooms;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Imports run one way: from tcpcopy to the core, and from room to room. */
class TcpcopyImportsTest {
    private static final String MAIN = "io.tcpcopy.tcpcopy";

    /** The libraries that touch the system stay behind the packages of core-packet. */
    private static final List<String> OUTSIDE = Stream.concat(
                    Rooms.CORE_PACKET.stream(),
                    Stream.of(
                            "io.tcpcopy.session..",
                            "picocli..",
                            "org.slf4j..",
                            "com.fasterxml.jackson.core..",
                            "com.samskivert.mustache..",
                            "me.tongfei.progressbar..",
                            "java.."))
            .toList();

    /** A new room has to be named here, with the rooms that it may use. */
    private static final Rooms ROOMS = new Rooms(
            MAIN,
            Map.of(
                    MAIN,
                    rooms("collect", "doctor", "probe", "options", "offline", "copy", "report"),
                    MAIN + ".collect",
                    rooms("doctor", "options", "offline", "copy", "returnpath"),
                    MAIN + ".doctor",
                    rooms("options", "offline", "copy", "returnpath"),
                    MAIN + ".probe",
                    rooms("options", "copy", "returnpath"),
                    MAIN + ".options",
                    rooms("offline", "copy", "returnpath"),
                    MAIN + ".offline",
                    rooms("copy", "report", "chart"),
                    MAIN + ".chart",
                    rooms(),
                    MAIN + ".copy",
                    rooms("report", "returnpath"),
                    MAIN + ".report",
                    rooms("returnpath", "chart"),
                    MAIN + ".returnpath",
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
