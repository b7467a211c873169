package io.tcpcopy.e2e;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lines of output as a guide shows them. A number stands for any but 0, since no two runs have the same; 0, addresses with their ports, and
 * names with digits are meant as they are. {@code ...} is whatever is there, and so is a blank of any length. Between two lines may be others.
 */
record ShownLines(List<String> lines) {
    private static final Pattern TOKEN = Pattern.compile("(?<any>\\.\\.\\.)|(?<blank>[ \\t]+)"
            + "|(?<address>\\d+(?:\\.\\d+){3}(?::\\d+)?)|(?<name>[A-Za-z_]\\w*)|(?<zero>0(?:\\.0+)?(?![\\d.]*\\d))"
            + "|(?<number>\\d+(?:\\.\\d+)?)|(?<other>.)");

    /** The first line that is not in the output, behind those before it; empty if all are. */
    Optional<String> missingIn(String output) {
        int position = 0;
        for (String line : lines) {
            Matcher matcher = Pattern.compile(pattern(line.strip())).matcher(output);
            if (!matcher.find(position)) {
                return Optional.of(line);
            }
            position = matcher.end();
        }
        return Optional.empty();
    }

    private static String pattern(String line) {
        StringBuilder pattern = new StringBuilder();
        Matcher token = TOKEN.matcher(line);
        while (token.find()) {
            if (token.group("any") != null) {
                pattern.append(".*?");
            } else if (token.group("blank") != null) {
                pattern.append("[ \\t]+");
            } else if (token.group("zero") != null) {
                pattern.append("(?<![\\d.])0(?:\\.0+)?(?![\\d.]*\\d)");
            } else if (token.group("number") != null) {
                pattern.append("(?:[1-9]\\d*(?:\\.\\d+)?|0\\.0*[1-9]\\d*)");
            } else {
                pattern.append(Pattern.quote(token.group()));
            }
        }
        return pattern.toString();
    }
}
