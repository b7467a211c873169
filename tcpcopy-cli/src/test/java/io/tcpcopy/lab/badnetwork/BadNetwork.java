package io.tcpcopy.lab.badnetwork;

import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.net.StartException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Delays, doubles, reorders and corrupts packets that come in at one device and go out at another, in place of what a
 * kernel without netem cannot do. {@code scripts/lab} leads packets to it and tells it what to do with them.
 *
 * <p>It is one thread, so all links share what it can carry, and processors that are busy take from that: see
 * {@code lab --help}. What it does not read in time, and what is more than {@link DelayLine#MOST_BYTES} on its way, is lost
 * and counted. Packets leave up to two milliseconds later than they should, since poll(2) counts in milliseconds.
 *
 * <p>Packets pass as the kernel has them, merged to 64 KB and with checksums that are not filled in. Where a link
 * corrupts, checksums are filled in, as on a wire; of merged packets only where one is struck, which is cut into its segments
 * before, since the kernel makes a checksum for each segment where it cuts itself.
 *
 * <p>Usage: {@code BadNetwork CONTROL_PORT}. It listens there, on loopback, for one command a connection ({@link Control}), and
 * runs until it is ended:
 *
 * <pre>
 * path LINK FROM_DEVICE TO_DEVICE    what comes in at a device leaves at another, with the link's faults
 * set LINK FAULT AMOUNT              delay (ms), reorder, double or corrupt (percent); says whether any fault is "on" or all "off"
 * status                             the faults and their counts
 * </pre>
 */
public final class BadNetwork {

    private record Link(Faults faults, Map<String, Path> paths) {}

    private final EventLoop loop;
    private final Map<String, Link> links = new LinkedHashMap<>();

    private BadNetwork(EventLoop loop) {
        this.loop = loop;
    }

    /** Starts it; it says {@code ready} when it listens. */
    public static void main(String[] args) throws StartException, IOException {
        EventLoop loop = EventLoop.ofKernel();
        BadNetwork network = new BadNetwork(loop);
        Control.start(Integer.parseInt(args[0]), loop, network::obey);
        System.out.println("ready");
        loop.run();
    }

    private String obey(String command) throws IOException {
        String[] words = command.split(" ");
        return switch (words[0]) {
            case "path" -> addPath(words[1], words[2], words[3]);
            case "set" -> set(words[1], words[2], new BigDecimal(words[3]));
            case "status" -> status();
            default -> throw new IOException("unknown: " + command);
        };
    }

    private Link link(String name) {
        return links.computeIfAbsent(name, link -> new Link(new Faults(), new LinkedHashMap<>()));
    }

    private String addPath(String link, String from, String to) throws IOException {
        Map<String, Path> paths = link(link).paths();
        if (!paths.containsKey(from)) {
            paths.put(from, new Path(loop, link(link).faults(), from, to));
        }
        return "";
    }

    private String set(String link, String fault, BigDecimal amount) {
        Faults faults = link(link).faults();
        faults.set(fault, amount);
        return faults.any() ? "on" : "off";
    }

    private String status() {
        return links.entrySet().stream()
                .flatMap(link -> Stream.concat(
                                link.getValue().faults().lines(),
                                losses(link.getValue().paths().values().stream().toList()))
                        .map(line -> link.getKey() + ": " + line))
                .collect(Collectors.joining("\n"));
    }

    private static Stream<String> losses(List<Path> paths) {
        List<String> lines = new ArrayList<>();
        long overload = paths.stream().mapToLong(Path::lostInOverload).sum();
        if (overload > 0) {
            lines.add("lost by the lab itself, which cannot carry so much: packets " + overload + " so far");
        }
        long refused = paths.stream().mapToLong(Path::refused).sum();
        if (refused > 0) {
            lines.add("lost by the lab itself, not received or sent: packets " + refused + " so far");
        }
        return lines.stream();
    }
}
