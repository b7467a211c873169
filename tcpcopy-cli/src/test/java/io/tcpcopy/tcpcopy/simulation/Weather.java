package io.tcpcopy.tcpcopy.simulation;

import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * How bad the networks of a world are, and how busy its machines. Rates are probabilities for each packet.
 *
 * @param online between the clients and the online host
 * @param target between the online host and the target
 * @param assistant between the target and the assistant host
 * @param stalls of the tunnel, for each piece that is sent
 * @param cuts of what the tunnel has brought, so that messages are read in parts
 * @param lonely whether connections of the tunnel are lost, and tcpcopy goes on without any
 * @param turnNs for how long at most the programs are busy after a turn: what comes meanwhile waits for the next
 * @param damaged of what clients send: the online server throws it away
 * @param merging of segments, where offloading may
 * @param capturesDropped of what arrives at the online host: nobody can make up for these
 */
record Weather(
        Path online,
        Path target,
        Path assistant,
        double stalls,
        double cuts,
        boolean lonely,
        int turnNs,
        double damaged,
        double merging,
        double capturesDropped) {
    /** Loss and so on of one path, in one direction; delays in nanoseconds. */
    record Path(double lost, double doubled, double reordered, int jitterNs) {
        /** Nothing is lost, and nothing overtakes anything else. */
        static final Path CALM = new Path(0, 0, 0, (int) TimeUnit.MICROSECONDS.toNanos(50));
    }

    private static final int STALLING_ONE_IN = 8;
    private static final int MAX_JITTER_NS = (int) TimeUnit.MILLISECONDS.toNanos(2);
    private static final int MAX_TURN_NS = (int) TimeUnit.MICROSECONDS.toNanos(500);
    private static final Weather CALM = calmWithStalls(0);
    private static final Weather STALLING = calmWithStalls(0.0005);

    /** Whether nothing is lost or late. */
    boolean isCalm() {
        return equals(CALM);
    }

    /** Whether nothing is lost, nor late but for what the tunnel stalls. */
    boolean losesNothing() {
        return isCalm() || equals(STALLING);
    }

    private static Weather calmWithStalls(double stalls) {
        return new Weather(Path.CALM, Path.CALM, Path.CALM, stalls, 0, false, 1, 0, 0.3, 0);
    }

    /** The same, or now and then one in which nothing is amiss but the tunnel. */
    Weather sometimesStalling(Random random) {
        return !isCalm() && random.nextInt(STALLING_ONE_IN) == 0 ? STALLING : this;
    }

    /** Whether nothing is lost between the programs, nor between them and the target. */
    boolean copiesSafely() {
        return !lonely && target.lost() == 0 && assistant.lost() == 0;
    }

    /** Any weather but one in which captures are dropped. */
    static Weather any(Random random) {
        return random.nextInt(5) == 0
                ? CALM
                : new Weather(
                        path(random, 0.03),
                        path(random, 0.1),
                        path(random, 0.1),
                        sometimes(random, 0.002),
                        sometimes(random, 0.5),
                        random.nextInt(4) == 0,
                        1 + random.nextInt(MAX_TURN_NS),
                        random.nextInt(3) == 0 ? random.nextDouble() * 0.02 : 0,
                        sometimes(random, 0.8),
                        0);
    }

    Weather droppingCaptures(Random random) {
        return new Weather(
                online,
                target,
                assistant,
                stalls,
                cuts,
                lonely,
                turnNs,
                damaged,
                merging,
                0.0005 + random.nextDouble() * 0.02);
    }

    private static Path path(Random random, double mostLost) {
        return new Path(
                sometimes(random, mostLost),
                sometimes(random, 0.03),
                sometimes(random, 0.05),
                1 + random.nextInt(MAX_JITTER_NS));
    }

    private static double sometimes(Random random, double most) {
        return random.nextInt(3) == 0 ? 0 : random.nextDouble() * most;
    }
}
