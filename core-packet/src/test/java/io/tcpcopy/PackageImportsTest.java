package io.tcpcopy;

import io.tcpcopy.rooms.Rooms;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The table of docs/architecture.md: what each package of this module may use. */
class PackageImportsTest {
    private static final String BASE = "io.tcpcopy.";
    private static final String JAVA = "java..";
    private static final List<String> JAVA_BASE = List.of("java.lang..", "java.nio..", "java.util..");
    private static final List<String> NATIVE_CALLS = List.of("jnr..", "com.kenai.jffi..");
    private static final List<String> LIBPCAP = List.of("org.pcap4j..", "com.sun.jna..");
    private static final List<String> LOG = List.of("org.slf4j..");

    private static final Map<String, List<String>> ALLOWED = Map.ofEntries(
            entry("packet", JAVA_BASE),
            entry("flow", join(JAVA_BASE, List.of("org.agrona.."))),
            entry("timer", JAVA_BASE),
            entry("clock", join(JAVA_BASE, ours("net"))),
            entry("metrics", JAVA_BASE),
            entry("diagnosis", join(JAVA_BASE, ours("metrics"))),
            entry(
                    "doctor",
                    join(
                            List.of(JAVA, "com.fasterxml.jackson.core.."),
                            ours("diagnosis", "host", "net", "net.netlink", "flow", "packet", "capture"))),
            entry("host", List.of(JAVA)),
            entry("doctor.firewall", join(JAVA_BASE, ours("doctor", "flow"))),
            entry("tunnel", join(JAVA_BASE, ours("packet", "flow"))),
            entry("logging", join(JAVA_BASE, LOG, ours("metrics", "diagnosis"))),
            entry("memory", join(JAVA_BASE, ours("metrics", "logging"))),
            entry("net", join(List.of(JAVA), NATIVE_CALLS, ours("flow", "diagnosis"))),
            entry("net.netlink", join(List.of(JAVA), ours("net", "flow", "packet", "diagnosis"))),
            entry(
                    "loop",
                    join(List.of(JAVA), LOG, NATIVE_CALLS, ours("net", "timer", "logging", "metrics", "diagnosis"))),
            entry("loop.connection", join(List.of(JAVA), LOG, ours("loop", "net", "flow"))),
            entry("capture", join(JAVA_BASE, LOG, ours("metrics", "packet", "net", "diagnosis"))),
            entry("capture.pcap", join(JAVA_BASE, LOG, LIBPCAP, ours("capture", "packet", "net"))),
            entry("capture.ring", join(JAVA_BASE, LOG, ours("capture", "packet", "net", "net.netlink"))),
            entry("capture.raw", join(JAVA_BASE, LOG, ours("capture", "packet", "net"))),
            entry("capture.queue", join(List.of(JAVA), LOG, ours("capture", "packet", "net", "net.netlink"))),
            entry("capture.file", join(List.of(JAVA), LIBPCAP, ours("capture", "capture.pcap", "packet"))),
            entry(
                    "capture.open",
                    join(
                            JAVA_BASE,
                            LOG,
                            ours(
                                    "capture",
                                    "capture.pcap",
                                    "capture.ring",
                                    "capture.file",
                                    "loop",
                                    "net",
                                    "options",
                                    "diagnosis"))),
            entry("inject", join(JAVA_BASE, LOG, ours("metrics", "logging", "loop", "net", "packet", "flow"))),
            entry(
                    "inject.route",
                    join(List.of(JAVA), LOG, ours("inject", "loop", "net", "net.netlink", "packet", "flow"))),
            entry(
                    "inject.frame",
                    join(
                            JAVA_BASE,
                            LOG,
                            ours(
                                    "inject",
                                    "inject.route",
                                    "loop",
                                    "net",
                                    "net.netlink",
                                    "packet",
                                    "flow",
                                    "diagnosis"))),
            entry(
                    "inject.raw",
                    join(JAVA_BASE, LOG, ours("inject", "inject.route", "loop", "net", "packet", "flow", "diagnosis"))),
            entry(
                    "inject.open",
                    join(
                            JAVA_BASE,
                            LOG,
                            ours(
                                    "inject",
                                    "inject.route",
                                    "diagnosis",
                                    "inject.frame",
                                    "inject.raw",
                                    "loop",
                                    "net",
                                    "packet",
                                    "flow"))),
            entry("options", join(List.of(JAVA, "picocli.."), ours("flow", "tunnel", "doctor", "diagnosis"))),
            entry(
                    "collect",
                    join(
                            List.of(JAVA, "org.apache.commons.compress.archivers.tar.."),
                            LOG,
                            ours("diagnosis", "doctor", "host", "flow", "metrics", "observe", "net", "options"))),
            entry(
                    "observe",
                    join(
                            List.of(JAVA, "io.prometheus.metrics.."),
                            LOG,
                            ours("observe.http", "metrics", "diagnosis", "doctor", "loop", "net", "flow"))),
            entry("observe.http", join(List.of(JAVA), ours("loop", "loop.connection", "net", "flow"))),
            entry("daemon", join(List.of(JAVA, "ch.qos.logback.."), LOG, ours("net", "options", "logging"))));

    private static final Rooms ROOMS = new Rooms("io.tcpcopy", ALLOWED);

    @Test
    void aPackageUsesOnlyWhatItMay() {
        ROOMS.useOnlyWhatTheyMay();
    }

    @Test
    void everyPackageIsInTheTable() {
        ROOMS.areAllNamed();
    }

    @Test
    void packagesDoNotUseEachOtherInACircle() {
        ROOMS.formNoCircle();
    }

    @Test
    void noPackageHasMoreTypesThanCanBeSeenAtAGlance() {
        ROOMS.areNotCrowded();
    }

    private static Map.Entry<String, List<String>> entry(String room, List<String> uses) {
        return Map.entry(BASE + room, uses);
    }

    private static List<String> ours(String... names) {
        return Arrays.stream(names).map(BASE::concat).toList();
    }

    @SafeVarargs
    private static List<String> join(List<String>... lists) {
        List<String> all = new ArrayList<>();
        for (List<String> list : lists) {
            all.addAll(list);
        }
        return all;
    }
}
