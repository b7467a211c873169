package io.tcpcopy.browser;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a terminal shows of what a program has written to it, as far as the programs use terminals. */
final class TerminalScreen {
    /** ECMA-48, EL: erases to the end of the row. */
    private static final String ERASE_REST = "\u001b[K";

    private static final String PAGE =
            "<body style='margin:0;background:#1d2126'><pre style='margin:0;padding:16px;color:#e6e9ec;font:13px/1.45 monospace'>";

    private TerminalScreen() {}

    /** The rows, the last one being that of the cursor. */
    static List<String> rows(String written) {
        List<String> rows = new ArrayList<>();
        StringBuilder row = new StringBuilder();
        int column = 0;
        for (int i = 0; i < written.length(); i++) {
            char c = written.charAt(i);
            if (c == '\n') {
                rows.add(row.toString());
                row.setLength(0);
                column = 0;
            } else if (c == '\r') {
                column = 0;
            } else if (written.startsWith(ERASE_REST, i)) {
                row.setLength(column);
                i += ERASE_REST.length() - 1;
            } else {
                row.replace(column, Math.min(column + 1, row.length()), String.valueOf(c));
                column++;
            }
        }
        rows.add(row.toString());
        return rows;
    }

    /** A page that looks like it. */
    static String page(List<String> rows) {
        String text = String.join("\n", rows)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
        return "data:text/html;charset=utf-8,"
                + URLEncoder.encode(PAGE + text + "</pre>", StandardCharsets.UTF_8)
                        .replace("+", "%20");
    }
}
