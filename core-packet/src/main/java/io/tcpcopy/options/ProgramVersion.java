package io.tcpcopy.options;

import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What {@code -v} prints: the program's name and the version in the manifest of its jar. */
public final class ProgramVersion implements IVersionProvider {
    private static final String WITHOUT_JAR = "development";

    @Spec
    private CommandSpec command;

    @Override
    public String[] getVersion() {
        String version = command.userObject().getClass().getPackage().getImplementationVersion();
        return new String[] {command.name() + " " + (version == null ? WITHOUT_JAR : version)};
    }
}
