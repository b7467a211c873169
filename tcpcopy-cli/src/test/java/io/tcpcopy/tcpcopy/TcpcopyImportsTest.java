package io.tcpcopy.tcpcopy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Imports run one way: from tcpcopy to the core, and from room to room. */
class TcpcopyImportsTest {
    private static final String MAIN = "io.tcpcopy.tcpcopy";
    private static final String OPTIONS = "io.tcpcopy.tcpcopy.options";
    private static final String OFFLINE = "io.tcpcopy.tcpcopy.offline";
    private static final String COPY = "io.tcpcopy.tcpcopy.copy";
    private static final String REPORT = "io.tcpcopy.tcpcopy.report";
    private static final String RETURN_PATH = "io.tcpcopy.tcpcopy.returnpath";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(MAIN);

    /** The libraries that touch the system stay behind the packages of core-packet. */
    @Test
    void tcpcopyUsesTheCoreAndNoLibraryThatTouchesTheSystem() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.tcpcopy..",
                        "picocli..",
                        "org.slf4j..",
                        "com.fasterxml.jackson.core..",
                        "me.tongfei.progressbar..",
                        "java..")
                .check(CLASSES);
    }

    /** A new room has to be named here, with the rooms that it may use. */
    @Test
    void aRoomUsesOnlyRoomsBelowIt() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer(MAIN)
                .definedBy(MAIN)
                .layer(OPTIONS)
                .definedBy(OPTIONS)
                .layer(OFFLINE)
                .definedBy(OFFLINE)
                .layer(COPY)
                .definedBy(COPY)
                .layer(REPORT)
                .definedBy(REPORT)
                .layer(RETURN_PATH)
                .definedBy(RETURN_PATH)
                .whereLayer(MAIN)
                .mayOnlyAccessLayers(OPTIONS, OFFLINE, COPY)
                .whereLayer(OPTIONS)
                .mayOnlyAccessLayers(OFFLINE, COPY, RETURN_PATH)
                .whereLayer(OFFLINE)
                .mayOnlyAccessLayers(COPY, REPORT)
                .whereLayer(COPY)
                .mayOnlyAccessLayers(REPORT, RETURN_PATH)
                .whereLayer(REPORT)
                .mayOnlyAccessLayers(RETURN_PATH)
                .whereLayer(RETURN_PATH)
                .mayNotAccessAnyLayer()
                .ensureAllClassesAreContainedInArchitecture()
                .check(CLASSES);
    }

    @Test
    void noPackageIsInACircle() {
        slices().matching("io.tcpcopy.(**)").should().beFreeOfCycles().check(CLASSES);
    }
}
