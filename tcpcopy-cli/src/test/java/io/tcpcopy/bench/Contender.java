package io.tcpcopy.bench;

import io.tcpcopy.lab.Programs;
import java.util.List;
import java.util.stream.Stream;

/**
 * A pair of programs that rows are run with.
 *
 * @param name what it is called in the tables
 * @param programs how they are started
 * @param ours whether they are this project's: what they lose fails the bench, and their ledgers must balance
 */
record Contender(String name, Programs programs, boolean ours) {

    private static final String CAPTURE = "--capture";
    /** intercept has no raw socket. */
    private static final String RAW = "raw";

    /** This project's programs with their defaults. */
    static Contender ofOurs() {
        return new Contender("ours", Programs.OURS, true);
    }

    /** This project's programs, capturing in one of their ways. */
    static Contender ofOurs(String capture) {
        List<String> option = List.of(CAPTURE, capture);
        return new Contender(
                capture,
                new Programs(
                        join(Programs.OURS.tcpcopy(), option),
                        capture.equals(RAW) ? Programs.OURS.intercept() : join(Programs.OURS.intercept(), option)),
                true);
    }

    /** Any other programs. */
    static Contender ofPeer(String tcpcopy, String intercept) {
        return new Contender("peer", Programs.of(tcpcopy, intercept), false);
    }

    private static List<String> join(List<String> command, List<String> options) {
        return Stream.concat(command.stream(), options.stream()).toList();
    }
}
