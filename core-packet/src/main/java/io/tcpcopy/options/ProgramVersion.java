package io.tcpcopy.options;

import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What {@code -v} prints: the program's name and the version in the manifest of its jar. */
public final class ProgramVersion implements IVersionProvider {
    private static final String WITHOUT_JAR = "development";

    @Spec
    private CommandSpec command;

    /** The version in the manifest of the jar that has a class. */
    public static String of(Class<?> type) {
        String version = type.getPackage().getImplementationVersion();
        return version == null ? WITHOUT_JAR : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {command.name() + " " + of(command.userObject().getClass())};
    }
}
