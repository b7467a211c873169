package io.tcpcopy.options;

import static java.util.Objects.requireNonNull;

import io.tcpcopy.diagnosis.Code;

/** The command line asks for something that is not possible. The message is one line without the program's name. */
public final class BadInputException extends Exception {
    private static final long serialVersionUID = 1L;

    private BadInputException(String message) {
        super(requireNonNull(message));
    }

    /**
     * An option has a value that it cannot have.
     *
     * @param option its name with the dash
     * @param value as it was given
     * @param expected what would have been right, or what is wrong
     */
    public static BadInputException value(String option, String value, String expected) {
        return new BadInputException("option " + option + ": \"" + value + "\": expected " + expected);
    }

    /**
     * An option has a value that something else refused.
     *
     * @param option its name with the dash
     * @param value as it was given
     * @param reason why it was refused
     */
    public static BadInputException refused(String option, String value, String reason) {
        return new BadInputException("option " + option + ": \"" + value + "\": " + reason);
    }

    /**
     * An option ends the command line without its value.
     *
     * @param option its name with the dash
     * @param expected what its value should be
     */
    public static BadInputException missingValue(String option, String expected) {
        return new BadInputException("option " + option + " is missing a value: expected " + expected);
    }

    /**
     * An option that must be there is not.
     *
     * @param option its name with the dash
     * @param expected what its value should be
     */
    public static BadInputException missing(String option, String expected) {
        return new BadInputException("option " + option + " is missing: expected " + expected);
    }

    /**
     * An option does not go with the others.
     *
     * @param option its name with the dash
     * @param reason what it lacks, or what is against it
     */
    public static BadInputException unfit(String option, String reason) {
        return new BadInputException("option " + option + ": " + reason);
    }

    /** The same, for something that docs/diagnosis.md has more about. */
    public BadInputException about(Code code) {
        return new BadInputException(code.text() + ": " + getMessage());
    }

    /** An argument belongs to no option. */
    public static BadInputException stray(String argument, String expected) {
        return new BadInputException("\"" + argument + "\": expected " + expected);
    }
}
