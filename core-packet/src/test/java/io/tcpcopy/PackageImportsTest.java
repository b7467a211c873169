package io.tcpcopy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of docs/architecture.md: what each package of this module may use. */
class PackageImportsTest {
    private static final String BASE = "io.tcpcopy.";
    private static final String JAVA = "java..";
    private static final List<String> JAVA_BASE = List.of("java.lang..", "java.nio..", "java.util..");
    private static final List<String> NATIVE_CALLS = List.of("jnr..");
    private static final List<String> LIBPCAP = List.of("org.pcap4j..", "com.sun.jna..");
    private static final List<String> LOG = List.of("org.slf4j..");

    private static final Map<String, List<String>> ALLOWED = Map.ofEntries(
            Map.entry("packet", JAVA_BASE),
            Map.entry("flow", join(JAVA_BASE, List.of("org.agrona.."))),
            Map.entry("timer", JAVA_BASE),
            Map.entry("counters", JAVA_BASE),
            Map.entry("diagnosis", JAVA_BASE),
            Map.entry("tunnel", join(JAVA_BASE, ours("packet"))),
            Map.entry("logging", join(List.of(JAVA), LOG)),
            Map.entry("net", join(List.of(JAVA), LOG, NATIVE_CALLS, ours("packet"))),
            Map.entry("loop", join(List.of(JAVA), LOG, NATIVE_CALLS, ours("net", "timer", "logging"))),
            Map.entry("capture", join(List.of(JAVA), LOG, LIBPCAP, ours("packet", "net"))),
            Map.entry(
                    "inject", join(List.of(JAVA), LOG, LIBPCAP, ours("packet", "net", "counters", "loop", "logging"))),
            Map.entry(
                    "daemon",
                    join(
                            List.of(JAVA, "ch.qos.logback..", "picocli.."),
                            LOG,
                            ours("net", "counters", "loop", "capture", "packet", "tunnel"))));

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.tcpcopy");

    static Stream<String> packages() {
        return ALLOWED.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void aPackageUsesOnlyWhatItMay(String name) {
        String own = BASE + name;
        classes()
                .that()
                .resideInAPackage(own)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(join(ALLOWED.get(name), List.of(own)).toArray(String[]::new))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void everyPackageIsInTheTable() {
        assertThat(CLASSES)
                .extracting(JavaClass::getPackageName)
                .allSatisfy(name -> assertThat(ALLOWED).containsKey(name.substring(BASE.length())));
    }

    private static List<String> ours(String... names) {
        return Arrays.stream(names).map(BASE::concat).toList();
    }

    @SafeVarargs
    private static List<String> join(List<String>... lists) {
        List<String> all = new ArrayList<>();
        for (List<String> list : lists) {
            all.addAll(list);
        }
        return all;
    }
}
