package io.tcpcopy.options;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The value of an option as it was given, and what it can be read as. Reading is strict: what is not exactly right is
 * refused, naming the option and the whole value.
 */
public final class OptionValue {
    /** The largest port; 0 is none. */
    public static final int MAX_PORT = 65535;

    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,9}");
    /** What stands for bytes of the command line or a folder's name that are not in the encoding of the locale. */
    private static final char NOT_DECODED = '\uFFFD';

    private static final String A_FILE = "the name of a file";
    private static final char LIST_SEPARATOR = ',';
    private static final char PORT_SEPARATOR = ':';

    private final String option;
    private final String text;
    private final String whole;

    private OptionValue(String option, String text, String whole) {
        this.option = option;
        this.text = text;
        this.whole = whole;
    }

    /**
     * The value of an option.
     *
     * @param option its name with the dash
     * @param text as it was given; null when the option was not
     * @param expected what the value should be, for the message
     * @throws BadInputException when the option was not given
     */
    public static OptionValue required(String option, String text, String expected) throws BadInputException {
        if (text == null) {
            throw BadInputException.missing(option, expected);
        }
        return of(option, text);
    }

    /**
     * The value of an option that was given.
     *
     * @param option its name with the dash
     */
    public static OptionValue of(String option, String text) {
        return new OptionValue(option, text, text);
    }

    /** The value, or the part of it, as it was given. */
    public String text() {
        return text;
    }

    /** Reads a decimal number from {@code min} to {@code max}. */
    public int number(int min, int max) throws BadInputException {
        if (NUMBER.matcher(text).matches()) {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return (int) number;
            }
        }
        throw wrong("a number from " + min + " to " + max);
    }

    /** Reads a port from 1 to {@link #MAX_PORT}. */
    public int port() throws BadInputException {
        return number(1, MAX_PORT);
    }

    /** Reads an IPv4 address in dotted form, other than 0.0.0.0. */
    public Address address() throws BadInputException {
        Optional<Address> address = Address.parse(text);
        if (address.isEmpty() || address.get().isAny()) {
            throw wrong("an IPv4 address such as 10.0.0.1");
        }
        return address.get();
    }

    /** Reads the name of a file, absolute or relative to the working directory; the path is absolute. */
    public Path path() throws BadInputException {
        if (text.isEmpty()) {
            throw wrong(A_FILE);
        }
        Path path;
        try {
            path = Path.of(text).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw wrong(A_FILE);
        }
        if (path.toString().indexOf(NOT_DECODED) >= 0) {
            throw refused("its name, or that of its folder, is not in UTF-8: rename it");
        }
        return path;
    }

    /** The same for a file that is to be written at its end; it is made if it is not there. */
    public Path appendable() throws BadInputException {
        Path path = path();
        try {
            Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
            return path;
        } catch (IOException e) {
            throw refused("cannot be written: " + reason(e));
        }
    }

    /**
     * A file that can be written later, but is made only then.
     *
     * @throws BadInputException when it cannot
     */
    public Path writable() throws BadInputException {
        boolean isThere = Files.exists(path());
        Path path = appendable();
        if (!isThere) {
            try {
                Files.delete(path);
            } catch (IOException e) {
                throw refused("cannot be removed: " + reason(e));
            }
        }
        return path;
    }

    /** Why a file cannot be used, without its name, as far as that can be told. */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such folder";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e instanceof FileSystemException file && file.getReason() != null ? file.getReason() : e.getMessage();
    }

    /** Reads {@code ip[:port]}, with a port for when there is none. */
    public Endpoint endpoint(int defaultPort) throws BadInputException {
        int colon = text.indexOf(PORT_SEPARATOR);
        try {
            return colon < 0
                    ? new Endpoint(address(), defaultPort)
                    : new Endpoint(
                            part(0, colon).address(),
                            part(colon + 1, text.length()).port());
        } catch (BadInputException e) {
            throw wrong("ip[:port]");
        }
    }

    /** Reads a comma-separated list of 1 to {@code max} parts, none of them empty. */
    public List<OptionValue> list(int max) throws BadInputException {
        List<OptionValue> parts = new ArrayList<>();
        int start = 0;
        while (start <= text.length()) {
            int comma = text.indexOf(LIST_SEPARATOR, start);
            int end = comma < 0 ? text.length() : comma;
            if (start == end || parts.size() == max) {
                throw wrong("a list of 1 to " + max + " values, separated by commas");
            }
            parts.add(part(start, end));
            start = end + 1;
        }
        return parts;
    }

    /**
     * A part of this value: what is wrong with it is wrong with the whole.
     *
     * @param start index of its first character
     * @param end index behind its last character
     */
    public OptionValue part(int start, int end) {
        return new OptionValue(option, text.substring(start, end), whole);
    }

    /** The error for this value. */
    public BadInputException wrong(String expected) {
        return BadInputException.value(option, whole, expected);
    }

    /** The error for this value when something else refused it. */
    public BadInputException refused(String reason) {
        return BadInputException.refused(option, whole, reason);
    }
}
