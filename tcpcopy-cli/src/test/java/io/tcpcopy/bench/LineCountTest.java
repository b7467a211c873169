package io.tcpcopy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineCountTest {

    @Test
    void countsWhatIsCompleteWhileTheFileGrows(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("log"), "one\ntw");
        LineCount count = new LineCount(file);
        assertThat(count.lines()).isEqualTo(1);

        Files.writeString(file, "o\nthree\n", StandardOpenOption.APPEND);
        assertThat(count.lines()).isEqualTo(3);
    }

    @Test
    void readsLongFilesInParts(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("log"), "0123456\n".repeat(50_000));

        assertThat(new LineCount(file).lines()).isEqualTo(50_000);
    }
}
