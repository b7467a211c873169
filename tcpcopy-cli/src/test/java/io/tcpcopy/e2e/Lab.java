package io.tcpcopy.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tcpcopy.lab.LabHosts;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A lab made anew for each test. After a test that failed it prints what each process printed. */
final class Lab extends LabHosts implements BeforeEachCallback, AfterEachCallback {

    private final String[] options;

    /** The options are those of {@code lab up}. */
    Lab(String... options) {
        super("tcpcopy-test-" + ProcessHandle.current().pid());
        this.options = options;
    }

    /** Skips the test unless these programs are installed: names on the search path, or absolute ones. */
    static void assumeInstalled(List<String> programs) {
        programs.forEach(program -> assumeTrue(isInstalled(program), "skipped: needs " + program));
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        assumeTrue(isRoot(), "skipped: needs root, for network namespaces");
        up(options);
    }

    private static boolean isRoot() throws IOException {
        return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        boolean failed = context.getExecutionException().isPresent();
        down(process -> {
            if (failed) {
                System.out.println("-- " + process.name() + "\n" + process.output());
            }
        });
    }
}
