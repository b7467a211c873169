package io.tcpcopy.session;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * What {@link DialogueTest} does, as one test: for mutation testing, which starts each test by itself, and starting one
 * takes longer than a dialogue. Not named as a test is, so that it runs nowhere else.
 */
class DialoguesAsOne {
    @Test
    void all() throws IOException, URISyntaxException {
        for (Path file : DialogueTest.files(DialogueTest.root())) {
            DialogueTest.perform(file);
        }
    }
}
