package io.tcpcopy.options;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.net.StartException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Command lines that may be anything, and what a program may answer: nothing but one line. */
public final class AnyArguments {
    private static final char SEPARATOR = '\n';
    /**
     * The last of a repeated option counts: whatever stands before, no file is written, and libpcap is not asked for
     * hosts whose names it would look up. Nor does such a command line ever start anything.
     */
    private static final List<String> HARMLESS = List.of("-F", "tcp", "-l", "/nonexistent/folder/log");

    private AnyArguments() {}

    /** Reads a command line. */
    @FunctionalInterface
    public interface Reader {
        /** Returns whether the program is to run. */
        boolean read(String[] arguments, PrintWriter out) throws BadInputException, StartException;
    }

    /**
     * Gives a program a command line that is not harmless only by chance.
     *
     * @param lines the arguments, one on each line
     */
    public static void check(byte[] lines, Reader reader) throws StartException {
        List<String> arguments = new ArrayList<>();
        String text = new String(lines, StandardCharsets.UTF_8);
        for (int start = 0; start < text.length(); ) {
            int end = text.indexOf(SEPARATOR, start);
            end = end < 0 ? text.length() : end;
            arguments.add(text.substring(start, end));
            start = end + 1;
        }
        arguments.addAll(HARMLESS);
        try {
            boolean run = reader.read(arguments.toArray(new String[0]), new PrintWriter(Writer.nullWriter()));
            assertThat(run).as("runs with a log that cannot be written").isFalse();
        } catch (BadInputException e) {
            assertThat(e.getMessage()).as("what is wrong").isNotBlank();
        }
    }
}
