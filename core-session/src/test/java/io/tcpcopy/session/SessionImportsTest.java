package io.tcpcopy.session;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.tcpcopy.rooms.Rooms;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The session knows no device, no clock and no native code; its rooms and classes use each other one way. */
class SessionImportsTest {
    private static final String BASE = "io.tcpcopy.session";
    private static final String CONNECTION = BASE + ".connection";
    private static final String OWNER = CONNECTION + ".Tcb$WrittenBy";

    private static final List<String> OUTSIDE = List.of(
            "io.tcpcopy.packet",
            "io.tcpcopy.flow",
            "io.tcpcopy.timer",
            "io.tcpcopy.metrics",
            "java.lang..",
            "java.nio",
            "java.util..");

    /** What each room may use of the others. A new room has to be named here. */
    private static final Rooms ROOMS = new Rooms(
            BASE,
            Map.ofEntries(
                    entry(BASE + ".base", rooms()),
                    entry(BASE + ".ledger", rooms()),
                    entry(BASE + ".arrival", rooms()),
                    entry(BASE + ".admit", rooms("base", "arrival")),
                    entry(BASE + ".window", rooms("base", "ledger")),
                    entry(BASE + ".emit", rooms("base", "arrival", "window")),
                    entry(BASE + ".pace", rooms("base", "arrival", "window")),
                    entry(BASE + ".connection", rooms("base", "ledger", "arrival", "window", "emit", "pace")),
                    entry(BASE + ".table", rooms("base", "ledger", "arrival", "admit", "window", "connection")),
                    entry(BASE + ".shed", rooms("base", "ledger", "arrival", "window", "connection")),
                    entry(BASE + ".udp", rooms("base", "arrival", "admit")),
                    entry(BASE, rooms("base", "ledger", "arrival", "admit", "emit", "connection", "table", "shed"))));

    private static final JavaClasses CLASSES = ROOMS.allClasses();

    private static List<String> rooms(String... names) {
        return Rooms.using(BASE, OUTSIDE, names);
    }

    @Test
    void aRoomUsesOnlyThoseBeforeIt() {
        ROOMS.useOnlyWhatTheyMay();
        ROOMS.areAllNamed();
    }

    @Test
    void noRoomsUseEachOtherInACircle() {
        ROOMS.formNoCircle();
    }

    @Test
    void noRoomIsCrowded() {
        ROOMS.areNotCrowded();
    }

    @Test
    void noSignatureTakesBothEndsOfAConnectionAsNumbers() {
        ROOMS.takeBothEndsAsAFlow(BASE + "..");
    }

    @Test
    void noClassesUseEachOtherInACircle() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        JavaClass outermost = type;
                        while (outermost.getEnclosingClass().isPresent()) {
                            outermost = outermost.getEnclosingClass().get();
                        }
                        return SliceIdentifier.of(outermost.getName());
                    }

                    @Override
                    public String getDescription() {
                        return "classes of the session";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void theSessionReadsNoClock() {
        noClasses()
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }

    /** Who decides a variable of TCP writes it, and nobody else. */
    @Test
    void everyVariableOfTheTcbIsWrittenByItsOwnerAlone() {
        fields().that()
                .areDeclaredIn(CONNECTION + ".Tcb")
                .should(new ArchCondition<JavaField>("be written by their owner alone") {
                    @Override
                    public void check(JavaField field, ConditionEvents events) {
                        String owner = (String)
                                field.getAnnotationOfType(OWNER).get("value").orElseThrow();
                        events.add(new SimpleConditionEvent(
                                field,
                                CLASSES.contain(CONNECTION + "." + owner),
                                field.getName() + " is owned by a class that is not there: " + owner));
                        for (JavaFieldAccess access : field.getAccessesToSelf()) {
                            String writer = access.getOriginOwner().getSimpleName();
                            boolean allowed = access.getAccessType() == JavaFieldAccess.AccessType.GET
                                    || writer.equals(owner)
                                    || writer.equals("Tcb");
                            events.add(new SimpleConditionEvent(access, allowed, access.getDescription()));
                        }
                    }
                })
                .check(CLASSES);
    }
}
