package io.tcpcopy.tcpcopy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The libraries that touch the system stay behind the packages of core-packet. */
class TcpcopyImportsTest {
    @Test
    void tcpcopyUsesTheCoreAndNoLibraryThatTouchesTheSystem() {
        classes()
                .that()
                .resideInAPackage("io.tcpcopy.tcpcopy..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.tcpcopy..",
                        "picocli..",
                        "org.agrona..",
                        "org.slf4j..",
                        "com.fasterxml.jackson.core..",
                        "me.tongfei.progressbar..",
                        "java..")
                .allowEmptyShould(true)
                .check(new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("io.tcpcopy.tcpcopy"));
    }
}
