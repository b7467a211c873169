package io.tcpcopy.manual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
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
    private static final Path CHECKOUT = checkout();

    /** Markdown's code: in blocks, and within a line, where a line break is a space. */
    private static final Pattern CODE = Pattern.compile("(?s)```\\w*\\n(?<block>.*?)```|`(?<inline>[^`]+)`");

    private static final Pattern LINE = Pattern.compile("(?:\\\\\n|.)+");
    private static final Pattern LINE_BREAK = Pattern.compile("\\\\?\n\\s*");

    /** A word of the shell, in pieces with and without quotes, or the comment that ends the line. */
    private static final Pattern WORD = Pattern.compile("#.*|(?:'[^']*'|\"[^\"]*\"|[^\\s'\"])+");

    private static final Pattern QUOTED = Pattern.compile("'([^']*)'|\"([^\"]*)\"");

    /** The command lines of a program in README and docs. */
    public static List<DocumentedCommand> of(String program) throws IOException {
        List<String> documents = new ArrayList<>(List.of("README.md"));
        try (Stream<Path> docs = Files.walk(CHECKOUT.resolve("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md"))
                    .map(file -> CHECKOUT.relativize(file).toString())
                    .sorted()
                    .forEach(documents::add);
        }
        List<DocumentedCommand> commands = new ArrayList<>();
        for (String document : documents) {
            commands.addAll(inDocument(document, Files.readString(CHECKOUT.resolve(document)), program));
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

    /** The command lines of a program in a document's code. */
    static List<DocumentedCommand> inDocument(String name, String text, String program) {
        List<DocumentedCommand> commands = new ArrayList<>();
        Matcher code = CODE.matcher(text);
        while (code.find()) {
            if (code.group("inline") != null) {
                commands.addAll(inLine(name + ":" + lineNumber(text, code.start()), code.group("inline"), program));
                continue;
            }
            Matcher line = LINE.matcher(code.group("block"));
            while (line.find()) {
                String place = name + ":" + lineNumber(text, code.start("block") + line.start());
                commands.addAll(inLine(place, line.group(), program));
            }
        }
        return commands;
    }

    private static int lineNumber(String text, int position) {
        return 1
                + (int) text.substring(0, position)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }

    private static List<DocumentedCommand> inLine(String place, String text, String program) {
        String line = LINE_BREAK.matcher(text.strip()).replaceAll(" ");
        // Lines of the log begin with the program's name as well; but no option follows.
        Matcher command =
                Pattern.compile("(?:sudo )?(?:\\S*/)?" + program + " +(-.*)").matcher(line);
        if (command.matches()) {
            return List.of(new DocumentedCommand(place, line, words(command.group(1))));
        }
        String variable = program.toUpperCase(Locale.ROOT) + "_ARGS=";
        if (!line.contains(variable)) {
            return List.of();
        }
        // systemd reads quotes within the value once more.
        return words(line).stream()
                .filter(word -> word.startsWith(variable))
                .map(word -> new DocumentedCommand(place, line, words(word.substring(variable.length()))))
                .toList();
    }

    /** Divides a line as a shell does. */
    private static List<String> words(String line) {
        return WORD.matcher(line)
                .results()
                .map(MatchResult::group)
                .takeWhile(word -> !word.startsWith("#"))
                .map(word -> QUOTED.matcher(word).replaceAll("$1$2"))
                .toList();
    }

    /** The arguments, with a log that the test may write: of a repeated option the last counts. */
    String[] argumentsWithLog(Path log) {
        return Stream.concat(arguments.stream(), Stream.of("-l", log.toString()))
                .toArray(String[]::new);
    }
}
