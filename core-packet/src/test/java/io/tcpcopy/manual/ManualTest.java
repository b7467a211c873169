package io.tcpcopy.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class ManualTest {
    @Command(
            name = "sample",
            customSynopsis = {"sample --kind KIND", "       sample [OPTIONS]"},
            description = {"Does what it's told. Needs -f.", ""},
            exitCodeList = {"0:Done, with -q."},
            footer = {"Half, 50 %% with -q:", "  sample -q \\", "    -f '~/a b'"})
    private static final class Sample {
        @Option(
                names = {"-f", "--file"},
                paramLabel = "FILE",
                order = 2,
                description = ".hidden, 'quoted', [c], *d*, a_b_c, ~, ^, `e`, \\, ${COMMAND-NAME}, 50 %%; not with -q.")
        private File file;

        @Option(
                names = "--kind",
                paramLabel = "KIND",
                order = 1,
                completionCandidates = Kinds.class,
                description = "One.")
        private String kind;

        @Option(names = "-q", order = 3, description = "Well-known.")
        private boolean quiet;

        @Option(names = "--maybe", arity = "0..1", paramLabel = "PATH", order = 4, description = "Perhaps.")
        private String maybe;

        @Option(names = "--secret", hidden = true)
        private boolean secret;
    }

    private static final class Kinds implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("one", "two").iterator();
        }
    }

    private final Manual manual = new Manual(Sample.class);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            @PROGRAM@ @version@ @purpose@ | SAMPLE 1.2 does what it\\(aqs told
            @synopsis@ | \\fBsample\\fR \\fB\\-\\-kind\\fR \\fIKIND\\fR;.br;\\fBsample\\fR [\\fIOPTIONS\\fR]
            @description@ | Does what it\\(aqs told. Needs \\fB\\-f\\fR.
            @exitStatus@ | .TP;\\fB0\\fR;Done, with \\fB\\-q\\fR.
            """)
    void pageHasWhatIsSaidOfTheProgram(String name, String part) {
        assertThat(manual.page(name, "1.2")).isEqualTo(part.replace(';', '\n'));
    }

    @Test
    void pageHasOptionsInTheirOrderAndEveryCharacterAsItIs() {
        assertThat(manual.page("@options@", "1.2")).isEqualTo("""
                        .TP
                        \\fB\\-\\-kind\\fR \\fIKIND\\fR
                        One.
                        .TP
                        \\fB\\-f\\fR, \\fB\\-\\-file\\fR \\fIFILE\\fR
                        \\&.hidden, \\(aqquoted\\(aq, [c], *d*, a_b_c, \\(ti, \\(ha, \\(gae\\(ga, \\e, sample, 50 %; not with \\fB\\-q\\fR.
                        .TP
                        \\fB\\-q\\fR
                        Well\\-known.
                        .TP
                        \\fB\\-\\-maybe\\fR[=\\fIPATH\\fR]
                        Perhaps.""");
    }

    @Test
    void pageHasExamplesThatCanBeCopied() {
        assertThat(manual.page("@examples@", "1.2")).isEqualTo("""
                        .PP
                        Half, 50 % with \\fB\\-q\\fR:
                        .RS 4
                        .EX
                        sample \\-q \\e
                        .EE
                        .RE
                        .RS 4
                        .EX
                          \\-f \\(aq\\(ti/a b\\(aq
                        .EE
                        .RE""");
    }

    @Test
    void examplesAreReadAsAShellReadsThem() {
        assertThat(manual.examples())
                .hasSize(1)
                .allSatisfy(example -> assertThat(example.arguments()).containsExactly("-q", "-f", "~/a b"));
    }

    @Test
    void zshCompletesOptionsAndTheirValues() {
        assertThat(manual.zshCompletion()).isEqualTo("""
                        #compdef sample

                        # -s: letters cluster.
                        _arguments -s \\
                            --kind='[One.]:KIND:(one two)' \\
                            '(-f --file)'{-f+,--file=}'[.hidden, '\\''quoted'\\'', \\[c\\], *d*, a_b_c, ~, ^, `e`, \\\\, sample, 50 %; not with -q.]:FILE:_files' \\
                            -q'[Well-known.]' \\
                            --maybe=-'[Perhaps.]::PATH: '
                        """);
    }

    @ParameterizedTest
    @CsvSource({"--ki, --kind", "--kind '', one two", "--kind t, two", "--file lo, log", "-f lo, log", "--maybe '', ''"
    })
    void bashCompletesOptionsAndTheirValues(String typed, String offered) throws IOException, InterruptedException {
        Files.createFile(folder.resolve("log"));
        Path script = Files.writeString(folder.resolve("script"), manual.bashCompletion());
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source " + script + "; COMP_WORDS=(sample " + typed
                                + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
                                + " _complete_sample; echo \"${COMPREPLY[*]}\"")
                .directory(folder.toFile())
                // compopt complains that no key was pressed.
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();

        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(offered + "\n");
        assertThat(bash.waitFor()).isZero();
    }

    @Test
    void documentedCommandsAreFoundInCodeAndNowhereElse() {
        String text = """
                Says sample -a. `sample -b 'c d'` and `sample: started`, `-q`, `scripts/sample
                -w`, `SAMPLE_ARGS="-i e -F 'f g'"`.

                ```
                sudo ./sample --one \\
                    "two  three"   # 'four
                sample 12 started
                echo "SAMPLE_ARGS=-x y" >file
                other -z
                ```
                """;

        List<DocumentedCommand> commands = DocumentedCommand.inDocument("name", text, "sample");

        assertThat(commands)
                .extracting(DocumentedCommand::arguments)
                .containsExactly(
                        List.of("-b", "c d"),
                        List.of("-w"),
                        List.of("-i", "e", "-F", "f g"),
                        List.of("--one", "two  three"),
                        List.of("-x", "y"));
        assertThat(commands)
                .extracting(DocumentedCommand::place)
                .containsExactly("name:1", "name:1", "name:2", "name:5", "name:8");
    }
}
