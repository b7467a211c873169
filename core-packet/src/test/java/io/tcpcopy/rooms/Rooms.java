package io.tcpcopy.rooms;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The rooms of a module: its packages, and what each of them may use. */
public final class Rooms {
    /** More than this is not seen at a glance. */
    private static final int MOST_TYPES = 20;
    /** Two addresses and two ports: both ends of a connection. */
    private static final int INTS_OF_BOTH_ENDS = 4;

    /** The packages of core-packet. */
    public static final List<String> CORE_PACKET = List.of(
            "io.tcpcopy.capture..",
            "io.tcpcopy.collect",
            "io.tcpcopy.clock",
            "io.tcpcopy.memory",
            "io.tcpcopy.metrics",
            "io.tcpcopy.daemon",
            "io.tcpcopy.diagnosis",
            "io.tcpcopy.doctor..",
            "io.tcpcopy.host",
            "io.tcpcopy.flow",
            "io.tcpcopy.inject..",
            "io.tcpcopy.logging",
            "io.tcpcopy.loop..",
            "io.tcpcopy.net..",
            "io.tcpcopy.observe",
            "io.tcpcopy.options",
            "io.tcpcopy.packet",
            "io.tcpcopy.timer",
            "io.tcpcopy.tunnel");

    private final Map<String, List<String>> uses;
    private final JavaClasses classes;

    /**
     * The rooms at and below a package, without tests.
     *
     * @param base the package
     * @param uses by full name of a room: the packages that it may use besides itself, as ArchUnit writes them
     */
    public Rooms(String base, Map<String, List<String>> uses) {
        this.uses = uses;
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(base);
    }

    /**
     * What a room may use: rooms of its module, and what all of them may use.
     *
     * @param base the module's package
     * @param outside packages that are not the module's
     * @param rooms names of its rooms, below the module's package
     */
    public static List<String> using(String base, List<String> outside, String... rooms) {
        List<String> used = new ArrayList<>(outside);
        Stream.of(rooms).map(room -> base + "." + room).forEach(used::add);
        return used;
    }

    /** All classes of the rooms. */
    public JavaClasses allClasses() {
        return classes;
    }

    /** Fails where a room uses another one that it may not. */
    public void useOnlyWhatTheyMay() {
        uses.forEach((room, used) -> {
            List<String> allowed = new ArrayList<>(used);
            allowed.add(room);
            classes()
                    .that()
                    .resideInAPackage(room)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(allowed.toArray(String[]::new))
                    .check(classes);
        });
    }

    /** Fails where there is a room of which nothing is said. */
    public void areAllNamed() {
        assertThat(classes)
                .extracting(JavaClass::getPackageName)
                .allSatisfy(name -> assertThat(uses).containsKey(name));
    }

    /** Fails where packages use each other in a circle. */
    public void formNoCircle() {
        slices().matching("io.tcpcopy.(**)").should().beFreeOfCycles().check(classes);
    }

    /** Fails where a room has more types than are seen at a glance. */
    public void areNotCrowded() {
        Map<String, Long> types = classes.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .collect(groupingBy(JavaClass::getPackageName, counting()));
        assertThat(types).allSatisfy((name, number) -> assertThat(number).isBetween(1L, (long) MOST_TYPES));
    }

    /**
     * Fails where a signature has so many numbers that it could take both ends of a connection, instead of a flow. Settings may:
     * theirs have names where they are made.
     */
    public void takeBothEndsAsAFlow(String... packages) {
        noCodeUnits()
                .that()
                .areDeclaredInClassesThat()
                .resideInAnyPackage(packages)
                .and()
                .areDeclaredInClassesThat()
                .haveSimpleNameNotEndingWith("Settings")
                .should()
                .haveRawParameterTypes(asManyIntsAsBothEnds())
                .check(classes);
    }

    private static DescribedPredicate<List<JavaClass>> asManyIntsAsBothEnds() {
        return describe(
                INTS_OF_BOTH_ENDS + " ints or more",
                types -> types.stream()
                                .filter(type -> type.isEquivalentTo(int.class))
                                .count()
                        >= INTS_OF_BOTH_ENDS);
    }
}
