package io.tcpcopy.tcpcopy.simulation;

import java.util.Random;

/**
 * What kind of world it is, apart from its weather.
 *
 * @param orderly whether nobody ends a connection before all is said, nor uses its port again at once
 * @param onlineAddresses how many addresses the online host has; with several the transfer names the port alone
 * @param targetRemembers whether the target keeps TIME-WAIT whatever comes (tcp_rfc1337)
 * @param checksums what the captured packets' checksums are like
 * @param clockSteps whether the clock that stamps captured packets is set now and then
 * @param calm whether nothing is lost or late, see {@link Weather}
 * @param paced whether nothing is lost, so that copies keep pace with their clients
 * @param leaps whether numbers of targets may leap ahead: not where what is under way may be later than that
 * @param strays whether packets with clients' addresses and ports come from nowhere
 * @param theme what many of the connections have in common
 */
record Nature(
        boolean orderly,
        int onlineAddresses,
        boolean targetRemembers,
        Checksums checksums,
        boolean clockSteps,
        boolean calm,
        boolean paced,
        boolean leaps,
        boolean strays,
        Behaviour theme) {
    private static final int MAX_ADDRESSES = 3;
    private static final int OTHER_THAN_RIGHT = 8;
    private static final Behaviour[] BEHAVIOURS = Behaviour.values();

    static Nature any(Random random, Weather weather) {
        boolean orderly = random.nextBoolean();
        int unusual = random.nextInt(OTHER_THAN_RIGHT);
        Checksums checksums = unusual < Checksums.values().length ? Checksums.values()[unusual] : Checksums.RIGHT;
        return new Nature(
                orderly,
                random.nextBoolean() ? 1 : MAX_ADDRESSES,
                !orderly && random.nextInt(3) == 0,
                checksums,
                random.nextInt(4) == 0,
                weather.isCalm(),
                weather.losesNothing(),
                weather.stalls() == 0,
                random.nextInt(3) == 0,
                BEHAVIOURS[random.nextInt(BEHAVIOURS.length)]);
    }
}
