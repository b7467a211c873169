package io.tcpcopy.lab;

import java.util.List;

/**
 * A pair of programs with the command lines of tcpcopy and intercept.
 *
 * @param tcpcopy words of the command that becomes tcpcopy; its options are appended
 * @param intercept the same for intercept
 */
public record Programs(List<String> tcpcopy, List<String> intercept) {

    /** Those of this checkout. */
    public static final Programs OURS =
            new Programs(List.of(LabHosts.script("tcpcopy")), List.of(LabHosts.script("intercept")));

    /** Any others, as a user names them: a program with its path, and options that it needs besides. */
    public static Programs of(String tcpcopy, String intercept) {
        return new Programs(words(tcpcopy), words(intercept));
    }

    private static List<String> words(String command) {
        return List.of(command.strip().split("\\s+"));
    }
}
