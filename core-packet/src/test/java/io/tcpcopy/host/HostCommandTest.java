package io.tcpcopy.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostCommandTest {
    private final HostCommand command = new HostCommand(Duration.ofSeconds(5), true);

    @TempDir
    private Path folder;

    @Test
    void itGivesWhatAProgramPrintsOnBothStreams() throws Exception {
        assertThat(command.output("sh", "-c", "echo one; echo two >&2")).isEqualTo("one\ntwo\n");
    }

    @Test
    void itGivesNoErrorsWhereTheyAreNotWanted() throws Exception {
        assertThat(new HostCommand(Duration.ofSeconds(5), false).output("sh", "-c", "echo one; echo two >&2"))
                .isEqualTo("one\n");
    }

    @Test
    void aProgramThatHangsIsEndedWithWhatItHasStarted() throws Exception {
        Path pids = folder.resolve("pids");
        HostCommand impatient = new HostCommand(Duration.ofSeconds(1), true);

        assertThatThrownBy(() -> impatient.output("sh", "-c", "sleep 1000 & echo $$ $! >" + pids + "; wait"))
                .isInstanceOf(NotReadException.class)
                .hasMessage("it took more than 1 s");

        for (String pid : Files.readString(pids).strip().split(" ")) {
            Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid));
            if (process.isPresent()) {
                process.get().onExit().get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aProgramThatClosesItsOutputAndGoesOnIsEndedAsWell() {
        HostCommand impatient = new HostCommand(Duration.ofSeconds(1), true);

        assertThatThrownBy(() -> impatient.output("sh", "-c", "exec >&- 2>&-; exec sleep 1000"))
                .hasMessage("it took more than 1 s");
    }

    @Test
    void ofOneThatFailsTheFirstLineIsTheReason() {
        assertThatThrownBy(() -> command.output("sh", "-c", "echo not permitted; echo more; exit 4"))
                .hasMessage("it ended with status 4: not permitted");
        assertThatThrownBy(() -> command.output("sh", "-c", "exit 3"))
                .hasMessage("it ended with status 3: without a word");
    }

    @Test
    void oneThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> command.output("no-such-program")).hasMessage("there is no program no-such-program");
        assertThat(HostCommand.isThere("no-such-program")).isFalse();
        assertThat(HostCommand.isThere("sh")).isTrue();
    }

    @Test
    void ofOutputWithoutEndTheFirstMegabyteIsKeptInWholeLines() throws Exception {
        String output = command.output("sh", "-c", "while :; do echo 203.0.113.7; done");

        assertThat(output.length()).isBetween((1 << 20) - 12, (1 << 20) + 40);
        assertThat(output).endsWith("\n203.0.113.7\n(cut here: longer than 1 MB)\n");
    }

    @Test
    void itReadsNothingFromWhereThisProgramReads() throws Exception {
        assertThat(command.output("cat")).isEmpty();
    }
}
