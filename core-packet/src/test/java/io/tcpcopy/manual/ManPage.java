package io.tcpcopy.manual;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The parts of a man page that follow from a program's options, in the language of man(7). */
final class ManPage {
    /** How lines of the help's footer begin that are commands. */
    private static final String COMMAND_INDENT = "  ";

    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[A-Za-z][\\w-]*");
    private static final Pattern LABEL = Pattern.compile("\\b[A-Z]{2,}\\b");
    private static final Pattern SENTENCE = Pattern.compile("(.+?)\\.(?: .*|$)");

    private final CommandSpec command;

    ManPage(CommandSpec command) {
        this.command = command;
    }

    /** Puts the parts in where the text has their names between {@code @}. */
    String fill(String text, String version) {
        String program = command.name();
        Map<String, String> parts = Map.of(
                "program", program,
                "PROGRAM", program.toUpperCase(Locale.ROOT),
                "version", version,
                "purpose", purpose(),
                "synopsis", synopsis(),
                "description", paragraphs(command.usageMessage().description()),
                "options", options(),
                "exitStatus", exitStatus(),
                "examples", examples());
        String page = text;
        for (Map.Entry<String, String> part : parts.entrySet()) {
            page = page.replace("@" + part.getKey() + "@", part.getValue());
        }
        return page;
    }

    /** The first sentence of the description, as the page's name goes on. */
    private String purpose() {
        String description = Manual.plain(command.usageMessage().description());
        String sentence = SENTENCE.matcher(description).replaceFirst("$1");
        return escaped(sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1));
    }

    private String synopsis() {
        return Arrays.stream(command.usageMessage().customSynopsis())
                .map(line -> marked(line.strip()).replaceFirst("\\w+", "\\\\fB$0\\\\fR"))
                .map(line -> LABEL.matcher(line).replaceAll("\\\\fI$0\\\\fR"))
                .collect(Collectors.joining("\n.br\n"));
    }

    private String options() {
        return Manual.options(command).stream()
                .map(option -> ".TP\n" + heading(option) + "\n" + marked(Manual.description(option)))
                .collect(Collectors.joining("\n"));
    }

    private static String heading(OptionSpec option) {
        String names = Arrays.stream(option.names()).map(ManPage::marked).collect(Collectors.joining(", "));
        if (option.arity().max() == 0) {
            return names;
        }
        String label = "\\fI" + escaped(option.paramLabel()) + "\\fR";
        return option.arity().min() == 0 ? names + "[=" + label + "]" : names + " " + label;
    }

    private String exitStatus() {
        return command.usageMessage().exitCodeList().entrySet().stream()
                .map(status ->
                        ".TP\n\\fB" + status.getKey().strip() + "\\fR\n" + marked(Manual.plain(status.getValue())))
                .collect(Collectors.joining("\n"));
    }

    private String examples() {
        return Arrays.stream(command.usageMessage().footer())
                .map(line -> line.startsWith(COMMAND_INDENT)
                        ? ".RS 4\n.EX\n" + escaped(line.substring(COMMAND_INDENT.length())) + "\n.EE\n.RE"
                        : ".PP\n" + marked(Manual.plain(line)))
                .collect(Collectors.joining("\n"));
    }

    private static String paragraphs(String[] texts) {
        return Arrays.stream(texts)
                .map(Manual::plain)
                .filter(text -> !text.isEmpty())
                .map(ManPage::marked)
                .collect(Collectors.joining("\n.PP\n"));
    }

    /** Text with the names of options in bold. */
    private static String marked(String text) {
        StringBuilder marked = new StringBuilder();
        int end = 0;
        var names = OPTION.matcher(text);
        while (names.find()) {
            marked.append(escaped(text.substring(end, names.start())))
                    .append("\\fB")
                    .append(escaped(names.group()))
                    .append("\\fR");
            end = names.end();
        }
        return marked.append(escaped(text.substring(end))).toString();
    }

    /**
     * Text as it is to be read: what groff_char(7) says of the characters that would come out as others, and nothing that a
     * line may begin with is taken for a request.
     */
    private static String escaped(String text) {
        return text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("`", "\\(ga")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti")
                .replaceFirst("^\\.", "\\\\&.");
    }
}
