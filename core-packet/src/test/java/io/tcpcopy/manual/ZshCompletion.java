package io.tcpcopy.manual;

import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What zsh completes, in the terms of its {@code _arguments}: see zshcompsys(1). picocli's script is for bash. */
final class ZshCompletion {
    private ZshCompletion() {}

    static String of(CommandSpec command) {
        String options = Manual.options(command).stream()
                .flatMap(option ->
                        Arrays.stream(option.names()).map(name -> "'" + quoted(specification(option, name)) + "'"))
                .collect(Collectors.joining(" \\\n    "));
        return "#compdef " + command.name() + "\n\n# -s: letters cluster.\n_arguments -s \\\n    " + options + "\n";
    }

    private static String specification(OptionSpec option, String name) {
        String others = "(" + String.join(" ", option.names()) + ")";
        String description = "[" + Manual.description(option).replaceAll("[\\[\\]\\\\]", "\\\\$0") + "]";
        if (option.arity().max() == 0) {
            return others + name + description;
        }
        String value = option.paramLabel() + ":" + action(option);
        if (option.arity().min() == 0) {
            return others + name + "=-" + description + "::" + value;
        }
        String attached = name.startsWith("--") ? "=" : "+";
        return others + name + attached + description + ":" + value;
    }

    private static String action(OptionSpec option) {
        if (option.completionCandidates() != null) {
            return "(" + String.join(" ", option.completionCandidates()) + ")";
        }
        return option.type() == java.io.File.class ? "_files" : " ";
    }

    private static String quoted(String text) {
        return text.replace("'", "'\\''");
    }
}
