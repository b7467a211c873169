package io.tcpcopy.session;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The session knows no device, no clock and no native code. */
class SessionImportsTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tcpcopy.session");

    @Test
    void theSessionUsesOnlyWhatHoldsBytesKeysDeadlinesAndTotals() {
        classes()
                .that()
                .resideInAPackage("io.tcpcopy.session..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.tcpcopy.session..",
                        "io.tcpcopy.packet",
                        "io.tcpcopy.flow",
                        "io.tcpcopy.timer",
                        "io.tcpcopy.counters",
                        "org.agrona..",
                        "java.lang..",
                        "java.nio",
                        "java.util..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void theSessionReadsNoClock() {
        noClasses()
                .that()
                .resideInAPackage("io.tcpcopy.session..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .allowEmptyShould(true)
                .check(CLASSES);
    }
}
