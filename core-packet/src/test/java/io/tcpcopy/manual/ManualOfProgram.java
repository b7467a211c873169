package io.tcpcopy.manual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tcpcopy.options.AnyArguments;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The tests of each program's manual: it is complete, and the command lines of manual and documents work. */
public abstract class ManualOfProgram {
    private final Manual manual;
    private final CommandSpec command;
    private final AnyArguments.Reader reader;

    @TempDir
    private Path folder;

    /**
     * Of one program.
     *
     * @param options its class with picocli's annotations
     * @param reader reads its command lines, with all checks
     */
    protected ManualOfProgram(Class<?> options, AnyArguments.Reader reader) {
        this.manual = new Manual(options);
        this.command = new CommandLine(options).getCommandSpec();
        this.reader = reader;
    }

    /** The options that examples show. */
    protected abstract List<String> exemplified();

    @Test
    protected void commandLinesOfDocumentsAreAccepted() throws IOException {
        List<DocumentedCommand> commands = DocumentedCommand.of(command.name());

        // Behind -h nothing is looked at.
        assertThat(commands)
                .filteredOn(shown -> !shown.arguments().contains("-h"))
                .hasSizeGreaterThanOrEqualTo(4);
        assertThat(commands).allSatisfy(this::isAccepted);
    }

    @Test
    protected void examplesAreAcceptedAndShowEachMode() {
        assertThat(manual.examples()).allSatisfy(this::isAccepted);
        assertThat(manual.examples())
                .flatExtracting(DocumentedCommand::arguments)
                .containsAll(exemplified());
    }

    private void isAccepted(DocumentedCommand shown) {
        String[] arguments = shown.argumentsWithLog(folder.resolve("log"));
        assertThatCode(() -> reader.read(arguments, new PrintWriter(Writer.nullWriter())))
                .doesNotThrowAnyException();
    }

    @Test
    protected void everyOptionIsExplainedAndCompleted() {
        String page = manual.page("@options@", "1");
        String bash = manual.bashCompletion();
        String zsh = manual.zshCompletion();

        assertThat(command.options()).hasSizeGreaterThan(20);
        for (OptionSpec option : command.options()) {
            for (String name : option.names()) {
                assertThat(page).contains("\\fB" + name.replace("-", "\\-") + "\\fR");
                assertThat(bash).contains("'" + name + "'");
                assertThat(zsh).containsPattern("[ {,]" + name + "[^a-z]*(,[^}]*})?'\\[");
            }
        }
    }
}
