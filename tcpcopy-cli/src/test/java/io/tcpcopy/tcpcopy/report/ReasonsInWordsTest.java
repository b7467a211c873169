package io.tcpcopy.tcpcopy.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.observe.StatusServer;
import io.tcpcopy.session.ledger.DropReason;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The report of a replay and the status page say the same of a reason. */
class ReasonsInWordsTest {
    private static final Pattern REASON = Pattern.compile("(?m)^  \"([^\"]+)\": \"([^\"]+)\",$");

    @Test
    void theStatusPageHasTheWordsOfEachReason() throws Exception {
        String page;
        try (InputStream resource = StatusServer.class.getResourceAsStream("status.html")) {
            page = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
        String reasons = page.substring(page.indexOf("const REASONS")).split("\n};", 2)[0];
        Map<String, String> shown = REASON.matcher(reasons)
                .results()
                .collect(Collectors.toMap(reason -> reason.group(1), reason -> reason.group(2)));

        assertThat(shown)
                .isEqualTo(Stream.of(DropReason.values())
                        .collect(Collectors.toMap(DropReason::text, DropReason::because)));
    }
}
