package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tcpcopy.lab.HostProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The units of scripts/systemd. */
class SystemdUnitIT {

    private static final Duration TIME_TO_VERIFY = Duration.ofSeconds(30);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"tcpcopy", "intercept"})
    void systemdUnderstandsTheUnit(String program) throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(path -> Files.exists(Path.of(path, "systemd-analyze"))),
                "skipped: there is no systemd-analyze here");
        // It looks whether the program is there.
        String unit = Files.readString(Path.of(Lab.script("systemd"), program + ".service"))
                .replace("/opt/tcpcopy/bin/" + program, Lab.script(program));
        assertThat(unit).contains(Lab.script(program) + " $" + program.toUpperCase(Locale.ROOT) + "_ARGS");
        Path file = Files.writeString(folder.resolve(program + ".service"), unit);

        try (HostProcess verification = HostProcess.start(
                "systemd-analyze",
                folder.resolve("output"),
                List.of("systemd-analyze", "verify", "--recursive-errors=no", "--man=no", file.toString()))) {
            assertThat(verification.waitFor(TIME_TO_VERIFY))
                    .as(verification.output())
                    .isZero();
            assertThat(verification.output()).isEmpty();
        }
    }
}
