package io.tcpcopy.manual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What is installed beside a program and made from its options: the man page, and what shells complete. */
public final class Manual {
    private final CommandLine commandLine;
    private final CommandSpec command;

    /** The manual of a class with picocli's annotations. */
    public Manual(Class<?> options) {
        commandLine = new CommandLine(options);
        command = commandLine.getCommandSpec();
    }

    /**
     * Writes the files of a program into a folder as they are laid out below {@code /usr/share}.
     *
     * @param arguments the class of its options; its version; the file with the page's other text; the folder
     */
    public static void main(String[] arguments) throws ClassNotFoundException, IOException {
        Manual manual = new Manual(Class.forName(arguments[0]));
        String text = Files.readString(Path.of(arguments[2]));
        Path folder = Path.of(arguments[3]);
        String program = manual.command.name();
        write(folder.resolve("man/man8").resolve(program + ".8"), manual.page(text, arguments[1]));
        write(folder.resolve("bash-completion/completions").resolve(program), manual.bashCompletion());
        write(folder.resolve("zsh/site-functions").resolve("_" + program), manual.zshCompletion());
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /**
     * The man page, in the language of man(7).
     *
     * @param text all that does not follow from the options, with names between {@code @} where something does
     */
    public String page(String text, String version) {
        return new ManPage(command).fill(text, version);
    }

    /** A script for bash to source. */
    public String bashCompletion() {
        return AutoComplete.bash(command.name(), commandLine);
    }

    /** A function for zsh to find on its {@code fpath}. */
    public String zshCompletion() {
        return ZshCompletion.of(command);
    }

    /** The commands of this program among the examples of the help. */
    List<DocumentedCommand> examples() {
        String examples = String.join("\n", command.usageMessage().footer());
        return DocumentedCommand.inDocument("-h", "```\n" + examples + "```", command.name());
    }

    /** The options in the order of the help. */
    static List<OptionSpec> options(CommandSpec command) {
        return command.options().stream()
                .filter(option -> !option.hidden())
                .sorted(Comparator.comparingInt(OptionSpec::order))
                .toList();
    }

    /** What the help says of an option, in one line. */
    static String description(OptionSpec option) {
        return plain(option.description());
    }

    /** Texts of annotations as they are shown: a percent sign is doubled there. */
    static String plain(String... texts) {
        return String.join(" ", texts).replace("%%", "%").strip();
    }
}
