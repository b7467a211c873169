package io.tcpcopy.doctor.firewall;

/** Whether a condition of a rule holds for a packet. */
enum Match {
    /** It does not. */
    NO,
    /** It may: the condition is not understood, or depends on more than is known of the packet. */
    MAYBE,
    /** It does. */
    YES;

    static Match of(boolean holds) {
        return holds ? YES : NO;
    }

    /** Whether both hold. */
    Match and(Match other) {
        return compareTo(other) < 0 ? this : other;
    }

    /** Whether it does not hold. */
    Match not() {
        return switch (this) {
            case NO -> YES;
            case MAYBE -> MAYBE;
            case YES -> NO;
        };
    }
}
