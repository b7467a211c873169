package io.tcpcopy.options;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Stack;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * What the original is configured with at build time and this port has no use for, as a picocli mixin. A command line that
 * still has it works.
 */
final class NeedlessSwitches {
    @Option(
            names = "--million",
            order = 890,
            description = "Not needed here: any number of connections is supported, within the memory.")
    private boolean million;

    @Option(names = "--select", order = 891, description = "Not needed here: there is one way to wait for events.")
    private boolean select;

    @Option(
            names = "--with-pfring",
            arity = "0..1",
            preprocessor = AttachedValue.class,
            paramLabel = "PATH",
            order = 892,
            description = "Not needed here: PF_RING is not used.")
    private String pfring;

    /** The names of those that were given. */
    List<String> given() {
        List<String> names = new ArrayList<>();
        if (million) {
            names.add("--million");
        }
        if (select) {
            names.add("--select");
        }
        if (pfring != null) {
            names.add("--with-pfring");
        }
        return names;
    }

    /** Takes a value that is attached, as in {@code --with-pfring=PATH}, and leaves what follows alone. */
    static final class AttachedValue implements IParameterPreprocessor {
        @Override
        public boolean preprocess(
                Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
            // What is attached lies on top of what follows; else picocli calls a space the separator.
            option.setValue(info.get("separator").equals(" ") ? "" : arguments.pop());
            return true;
        }
    }
}
