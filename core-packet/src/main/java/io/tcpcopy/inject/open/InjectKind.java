package io.tcpcopy.inject.open;

import java.util.Locale;

/** The ways to inject, by their names in {@code --inject}. */
public enum InjectKind {
    /** Frames for targets for which they can be made, and IP packets through a raw socket for the others. */
    AUTO,
    /** Frames alone. */
    FRAME,
    /** IP packets alone. */
    RAW;

    /** The name. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
