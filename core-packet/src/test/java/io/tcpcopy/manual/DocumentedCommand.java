package io.tcpcopy.manual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A command line that a document shows.
 *
 * @param place the document and the line in it
 * @param line the command line as it is written
 * @param arguments as the program gets them
 */
public record DocumentedCommand(String place, String line, List<String> arguments) {
    /** Markdown's code: in blocks, and within a line. */
    private static final Pattern CODE = Pattern.compile("(?s)```(.*?)```|`([^`]+)`");

    private static final Pattern CONTINUATION = Pattern.compile("\\\\\n\\s*");

    /** A word of the shell, in pieces with and without quotes, or the comment that ends the line. */
    private static final Pattern WORD = Pattern.compile("#.*|(?:'[^']*'|\"[^\"]*\"|[^\\s'\"])+");

    private static final Pattern QUOTES = Pattern.compile("'([^']*)'|\"([^\"]*)\"");

    /** The command lines of a program in README and docs. */
    public static List<DocumentedCommand> of(String program) throws IOException {
        Path checkout = checkout();
        List<Path> documents = new ArrayList<>(List.of(checkout.resolve("README.md")));
        try (Stream<Path> docs = Files.list(checkout.resolve("docs"))) {
            docs.sorted().forEach(documents::add);
        }
        List<DocumentedCommand> commands = new ArrayList<>();
        for (Path document : documents) {
            String text = Files.readString(document);
            for (MatchResult code : CODE.matcher(text).results().toList()) {
                String place = checkout.relativize(document) + " after line "
                        + text.substring(0, code.start()).lines().count();
                boolean block = code.group(1) != null;
                commands.addAll(in(place, block ? code.group(1) : code.group(2).replaceAll("\n\\s*", " "), program));
            }
        }
        return commands;
    }

    private static Path checkout() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("README.md"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    /** The command lines of a program in some lines of code. */
    static List<DocumentedCommand> in(String place, String code, String program) {
        // Also where the log is spoken of, lines begin with the program's name; but then no option follows.
        Pattern command = Pattern.compile("\\s*(?:sudo )?(?:\\S*/)?" + program + " +(-.*)");
        Pattern variable = Pattern.compile(program.toUpperCase(Locale.ROOT) + "_ARGS=(.*)");
        List<DocumentedCommand> commands = new ArrayList<>();
        CONTINUATION.matcher(code).replaceAll(" ").lines().forEach(line -> {
            var arguments = command.matcher(line);
            if (arguments.matches()) {
                commands.add(new DocumentedCommand(place, line, words(arguments.group(1))));
            } else if (variable.matcher(line).find()) {
                // What systemd makes of the variable's value: the shell's quotes, once more.
                words(line).forEach(word -> {
                    var value = variable.matcher(word);
                    if (value.matches()) {
                        commands.add(new DocumentedCommand(place, line, words(value.group(1))));
                    }
                });
            }
        });
        return commands;
    }

    /** Divides a line as a shell does. */
    private static List<String> words(String line) {
        return WORD.matcher(line)
                .results()
                .map(MatchResult::group)
                .takeWhile(word -> !word.startsWith("#"))
                .map(word -> QUOTES.matcher(word).replaceAll("$1$2"))
                .toList();
    }
}
