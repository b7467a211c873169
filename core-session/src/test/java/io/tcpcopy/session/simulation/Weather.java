package io.tcpcopy.session.simulation;

import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * How bad the networks of a world are. Rates are probabilities for each packet.
 *
 * @param online between the clients and the online host
 * @param target between the online host and the target, each way
 * @param recordsLost by the tunnel
 * @param stalls of the tunnel
 * @param merging of segments, where offloading may
 * @param capturesDropped of what arrives at the online host: nobody can make up for these
 */
record Weather(Path online, Path target, double recordsLost, double stalls, double merging, double capturesDropped) {
    /** Loss and so on of one path, in one direction; delays in nanoseconds. */
    record Path(double lost, double doubled, double reordered, int jitterNs) {
        /** Nothing is lost, and nothing overtakes anything else. */
        static final Path CALM = new Path(0, 0, 0, (int) TimeUnit.MICROSECONDS.toNanos(50));
    }

    private static final int MAX_JITTER_NS = (int) TimeUnit.MILLISECONDS.toNanos(2);

    static Weather calm() {
        return new Weather(Path.CALM, Path.CALM, 0, 0, 0.3, 0);
    }

    /** Any weather but one in which captures are dropped. */
    static Weather any(Random random) {
        return random.nextInt(8) == 0
                ? calm()
                : new Weather(
                        path(random, 0.03),
                        path(random, 0.1),
                        sometimes(random, 0.05),
                        sometimes(random, 0.002),
                        sometimes(random, 0.8),
                        0);
    }

    Weather droppingCaptures(Random random) {
        return new Weather(online, target, recordsLost, stalls, merging, 0.0005 + random.nextDouble() * 0.02);
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
