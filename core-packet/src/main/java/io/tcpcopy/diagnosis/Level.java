package io.tcpcopy.diagnosis;

import java.util.Locale;

/** What a finding means. */
public enum Level {
    /** What was looked at is as it should be. */
    OK,
    /** It could not be looked at: a privilege or a program is missing. */
    NOT_CHECKED,
    /** Something may be lost, or go wrong later. */
    WARNING,
    /** Copying cannot work like this, or a client could notice it. */
    ERROR;

    /** The name for people and programs. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
