package io.tcpcopy.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalScreenTest {
    @Test
    void whatIsWrittenAtTheBeginningOfARowReplacesWhatWasThere() {
        assertThat(TerminalScreen.rows("first\r\nlong line\rshort\u001b[K")).containsExactly("first", "short");
    }

    @Test
    void withoutErasingTheRestStays() {
        assertThat(TerminalScreen.rows("long line\rshort")).containsExactly("shortline");
    }

    @Test
    void aPageOfItHasNoMarkupOfTheProgram() {
        assertThat(TerminalScreen.page(TerminalScreen.rows("a <b> & c")))
                .startsWith("data:text/html")
                .contains("a%20%26lt%3Bb%26gt%3B%20%26amp%3B%20c");
    }
}
