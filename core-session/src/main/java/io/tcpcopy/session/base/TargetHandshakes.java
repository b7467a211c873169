package io.tcpcopy.session.base;

/** How many handshakes each target has answered before the SYN had to be repeated, and how many it has not. */
public final class TargetHandshakes {
    private final long[] answered;
    private final long[] unanswered;
    private final long[] late;

    /** For so many targets: none has begun. */
    public TargetHandshakes(int targets) {
        answered = new long[targets];
        unanswered = new long[targets];
        late = new long[targets];
    }

    /** A target has answered in time. */
    public void answered(TargetRoom target) {
        answered[target.number()]++;
    }

    /** A target has not answered in time; it still may. */
    public void unanswered(TargetRoom target) {
        unanswered[target.number()]++;
    }

    /** A target has answered after that. */
    public void answeredLate(TargetRoom target) {
        late[target.number()]++;
    }

    /** How many were answered in time, by the number of the target. */
    public long answered(int target) {
        return answered[target];
    }

    /** How many were answered after that, by the number of the target. */
    public long answeredLate(int target) {
        return late[target];
    }

    /** How many were not answered in time, by the number of the target. */
    public long unanswered(int target) {
        return unanswered[target];
    }
}
