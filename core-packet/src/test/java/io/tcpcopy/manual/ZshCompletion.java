package io.tcpcopy.manual;

import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What zsh completes, in the terms of its {@code _arguments}: see zshcompsys(1). picocli's script is for bash. */
final class ZshCompletion {
    private ZshCompletion() {}

    static String of(CommandSpec command) {
        String options = Manual.options(command).stream()
                .map(ZshCompletion::specification)
                .collect(Collectors.joining(" \\\n    "));
        return "#compdef " + command.name() + "\n\n# -s: letters cluster.\n_arguments -s \\\n    " + options + "\n";
    }

    /** {@code '(-a --all)'{-a+,--all=}'[description]:VALUE:(one two)'}: an option with all its names, which exclude each other. */
    private static String specification(OptionSpec option) {
        List<String> names = Arrays.stream(option.names())
                .map(name -> name + valueMark(option, name))
                .toList();
        String namesOfOne = names.size() == 1
                ? names.get(0)
                : "'(" + String.join(" ", option.names()) + ")'{" + String.join(",", names) + "}";
        String description = "[" + Manual.description(option).replaceAll("[\\[\\]\\\\]", "\\\\$0") + "]";
        return namesOfOne + "'" + (description + value(option)).replace("'", "'\\''") + "'";
    }

    /** Whether a value may be attached to the name, and how. */
    private static String valueMark(OptionSpec option, String name) {
        if (option.arity().max() == 0) {
            return "";
        }
        if (option.arity().min() == 0) {
            return "=-";
        }
        return name.startsWith("--") ? "=" : "+";
    }

    private static String value(OptionSpec option) {
        if (option.arity().max() == 0) {
            return "";
        }
        return (option.arity().min() == 0 ? "::" : ":") + option.paramLabel() + ":" + action(option);
    }

    private static String action(OptionSpec option) {
        if (option.completionCandidates() != null) {
            return "(" + String.join(" ", option.completionCandidates()) + ")";
        }
        return option.type() == File.class ? "_files" : " ";
    }
}
