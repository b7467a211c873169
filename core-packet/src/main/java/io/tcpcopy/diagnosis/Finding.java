package io.tcpcopy.diagnosis;

import static java.util.Objects.requireNonNull;

/**
 * What was found about one thing that can be wrong.
 *
 * @param code what it is about
 * @param level what it means
 * @param seen what is the case here, with the values seen: a clause without a full stop
 * @param remedy what to do, as a command where there is one; empty where nothing is wrong
 */
public record Finding(Code code, Level level, String seen, String remedy) {
    /** Parts that are there. */
    public Finding {
        requireNonNull(code);
        requireNonNull(level);
        requireNonNull(seen);
        requireNonNull(remedy);
    }

    /** It is as it should be. */
    public static Finding ok(Code code, String seen) {
        return new Finding(code, Level.OK, seen, "");
    }

    /** It could not be looked at, for a reason, and what would change that. */
    public static Finding notChecked(Code code, String reason, String remedy) {
        return new Finding(code, Level.NOT_CHECKED, reason, remedy);
    }

    /** Something may be lost, or go wrong later. */
    public static Finding warning(Code code, String seen, String remedy) {
        return new Finding(code, Level.WARNING, seen, remedy);
    }

    /** Copying cannot work like this, or a client could notice it. */
    public static Finding error(Code code, String seen, String remedy) {
        return new Finding(code, Level.ERROR, seen, remedy);
    }

    /** As it stands in a log line: {@code TC301: what is seen: what to do}. */
    public String text() {
        String found = code.text() + ": " + seen;
        return remedy.isEmpty() ? found : found + ": " + remedy;
    }
}
