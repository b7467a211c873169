package io.tcpcopy.manual;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The parts of a man page that follow from a program's options, in the language of man(7). */
final class ManPage {
    /** How lines of the help's footer begin that are commands. */
    private static final String COMMAND_INDENT = "  ";

    private static final Pattern PART = Pattern.compile("@(\\w+)@");

    /** Once hyphens are escaped. */
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])(?:\\\\-){1,2}[A-Za-z](?:\\w|\\\\-)*");

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
        return PART.matcher(text)
                .replaceAll(name -> Matcher.quoteReplacement(requireNonNull(parts.get(name.group(1)))));
    }

    /** The first sentence of the description, as the page's name goes on. */
    private String purpose() {
        String description = Manual.plain(command.usageMessage().description());
        String sentence = SENTENCE.matcher(description).replaceFirst("$1");
        return escaped(sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1));
    }

    private String synopsis() {
        return Arrays.stream(command.usageMessage().customSynopsis())
                .map(line -> LABEL.matcher(marked(line.strip())).replaceAll("\\\\fI$0\\\\fR"))
                .map(line -> line.replaceFirst("\\w+", "\\\\fB$0\\\\fR"))
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
                        ? ".RS 4\n.EX\n" + line(escaped(line.substring(COMMAND_INDENT.length()))) + "\n.EE\n.RE"
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
        return line(OPTION.matcher(escaped(text)).replaceAll("\\\\fB$0\\\\fR"));
    }

    /** Text as it is to be read: groff_char(7) says which characters would come out as others. */
    private static String escaped(String text) {
        return text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("`", "\\(ga")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti");
    }

    /** A line of text, which must not be taken for a request. */
    private static String line(String text) {
        return text.startsWith(".") ? "\\&" + text : text;
    }
}
