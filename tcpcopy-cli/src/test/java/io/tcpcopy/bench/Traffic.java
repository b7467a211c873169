package io.tcpcopy.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A service on the online and the target host, and its clients. Made, the servers are running. */
interface Traffic {

    /**
     * What became of the requests.
     *
     * @param sent by the clients, so far as they are to be copied
     * @param lost copies that did not arrive
     * @param doubled copies too many
     * @param otherFault what else is wrong, or empty
     */
    record Outcome(long sent, long lost, long doubled, String otherFault) {

        /** What is wrong, in words; empty if everything arrived as often as it should. */
        List<String> faults() {
            List<String> faults = new ArrayList<>();
            if (lost > 0) {
                faults.add(lost + " lost");
            }
            if (doubled > 0) {
                faults.add(doubled + " doubled");
            }
            Stream.of(otherFault).filter(fault -> !fault.isEmpty()).forEach(faults::add);
            return faults;
        }
    }

    /** Port of the servers. */
    int port();

    /** Starts the clients. */
    void start();

    /** Waits until the clients' connections are well under way. */
    void awaitRunning();

    /**
     * Waits until the clients have all answers.
     *
     * @return how long the load took, in seconds
     * @throws AssertionError if they do not get them
     */
    double complete();

    /** How many copies have arrived so far; a little late. */
    long arrived();

    /** How many are expected, once the load is complete; the most there can be if that is not known. */
    long expected();

    /** Compares what the clients sent with what arrived. */
    Outcome outcome();
}
