package io.tcpcopy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TerminalRowTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private int columns = 80;
    private boolean isForeground = true;
    private final TerminalRow row = new TerminalRow(
            new PrintStream(written, true, StandardCharsets.UTF_8), () -> columns, () -> isForeground, false);

    private String written() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void eachTextTakesThePlaceOfTheOneBefore() {
        row.show("a long text");
        row.show("short");

        assertThat(written()).isEqualTo("\ra long text\u001b[K\rshort\u001b[K");
    }

    @Test
    void aTextThatDoesNotFitIsCutBeforeTheLastColumnOfTheTerminalAsItIsNow() {
        columns = 6;
        row.show("123456");
        columns = 7;
        row.show("123456");

        assertThat(written()).isEqualTo("\r12345\u001b[K\r123456\u001b[K");
    }

    @Test
    void inTheBackgroundTheRowIsLeftToTheShell() {
        row.show("first");
        isForeground = false;
        row.show("second");
        isForeground = true;
        row.show("third");

        assertThat(written()).isEqualTo("\rfirst\u001b[K\rthird\u001b[K");
    }

    @Test
    void aTerminalThatIsGoneIsSurvived() {
        columns = -5;
        row.show("text");

        assertThat(written()).isEqualTo("\rt\u001b[K");
    }

    @Test
    void theEndLeavesTheLastTextAndNothingComesBehindIt() {
        row.show("last");
        row.close();
        row.show("late");
        row.close();

        assertThat(written()).isEqualTo("\rlast\u001b[K" + System.lineSeparator());
    }
}
