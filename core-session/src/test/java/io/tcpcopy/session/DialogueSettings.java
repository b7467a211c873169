package io.tcpcopy.session;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.session.base.Part;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Reads the settings of a dialogue: its {@code set} lines. */
final class DialogueSettings {
    static final String ONLINE = "10.1.0.100:80";
    static final String TARGET = "10.2.0.100:8080";

    private DialogueSettings() {}

    /** Settings as these lines say, without their {@code set}; one transfer to {@link #TARGET} if they name none. */
    static Settings of(List<String> lines) {
        List<Transfer> transfers = new ArrayList<>();
        lines.stream()
                .filter(line -> line.startsWith("transfer "))
                .forEach(line -> transfers.add(transfer(line.split(" ")[1])));
        if (transfers.isEmpty()) {
            transfers.add(transfer("80-" + TARGET));
        }
        // All dialogues one after the other would look like a target that answers a few handshakes only.
        Settings.Builder settings = Settings.of(transfers).sheds(false);
        lines.forEach(line -> set(settings, line.split(" ")));
        return settings.build();
    }

    private static void set(Settings.Builder settings, String[] words) {
        switch (words[0]) {
            case "transfer" -> {
                // Read before.
            }
            case "loopback-client" -> settings.loopbackClient(Address.ipv4(address(words[1])));
            case "clients" ->
                settings.clientAddresses(Arrays.stream(words)
                        .skip(1)
                        .map(word -> Address.ipv4(address(word)))
                        .toList());
            case "own" ->
                settings.ownAddresses(Arrays.stream(words)
                        .skip(1)
                        .map(word -> Address.ipv4(address(word)))
                        .collect(Collectors.toSet()));
            case "copies" -> settings.copies(Integer.parseInt(words[1]));
            case "shift" -> settings.portShiftFactor(Integer.parseInt(words[1]));
            case "part" -> settings.part(new Part(Integer.parseInt(words[1]), Integer.parseInt(words[2])));
            case "percentage" -> settings.percentage(Integer.parseInt(words[1]));
            case "gradually" -> settings.gradually(true);
            case "whole-sessions" -> settings.wholeSessionsOnly(true);
            case "no-wait" -> settings.waitForResponse(false);
            case "dnat" -> settings.dnat(true);
            case "mtu" -> settings.mtu(Integer.parseInt(words[1]));
            case "mss" -> settings.mss(Integer.parseInt(words[1]));
            case "rtt" -> settings.fixedRttNs(duration(words[1]));
            case "speed-up" -> settings.speedUp(Integer.parseInt(words[1]));
            case "timeouts" -> settings.timeoutsNs(duration(words[1]), duration(words[2]));
            case "memory" -> settings.memoryBudget(Long.parseLong(words[1]));
            case "heap" -> settings.heapBudget(Long.parseLong(words[1]));
            default -> throw new IllegalArgumentException("unknown setting: " + words[0]);
        }
    }

    /** {@code [address:]port-address:port}. */
    private static Transfer transfer(String text) {
        String[] sides = text.split("-");
        Endpoint online = sides[0].contains(":") ? endpoint(sides[0]) : new Endpoint(Address.ANY, port(sides[0]));
        return new Transfer(online, endpoint(sides[1]));
    }

    private static Endpoint endpoint(String text) {
        return Endpoint.ipv4(address(text), port(text));
    }

    /** The address in {@code address[:port]}. */
    static int address(String text) {
        return Address.parse(text.split(":")[0]).orElseThrow().bits();
    }

    /** The port in {@code [address:]port}. */
    static int port(String text) {
        return Integer.parseInt(text.substring(text.indexOf(':') + 1));
    }

    /** A duration with its unit: us, ms or s. */
    static long duration(String text) {
        String digits = text.replaceAll("[^0-9]", "");
        String unit = text.substring(digits.length()).toLowerCase(Locale.ROOT);
        long value = Long.parseLong(digits);
        return switch (unit) {
            case "us" -> TimeUnit.MICROSECONDS.toNanos(value);
            case "ms" -> TimeUnit.MILLISECONDS.toNanos(value);
            case "s" -> TimeUnit.SECONDS.toNanos(value);
            default -> throw new IllegalArgumentException("unknown unit: " + text);
        };
    }
}
