package io.tcpcopy.doctor.firewall;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The first packet of a connection that leaves this host, as rules see it. Who it comes from is not known.
 *
 * @param protocol {@code tcp} or {@code udp}
 * @param destination where it goes
 * @param device that it leaves on
 */
public record LeavingPacket(String protocol, Endpoint destination, String device) {
    private static final Set<String> NUMBERS_OF_PROTOCOLS = Set.of("tcp 6", "udp 17");
    /** Those of the packets behind the first one whose answers nobody here sees. */
    private static final Set<String> LATER_STATES = Set.of("invalid", "untracked");

    /** Whether it is of one of these protocols, by name or number. */
    Match protocolIn(List<String> names) {
        return Match.of(names.stream()
                .anyMatch(name -> name.equals(protocol)
                        || name.equals("all")
                        || NUMBERS_OF_PROTOCOLS.contains(protocol + " " + name)));
    }

    /** Whether it goes to one of these addresses: {@code 10.0.0.1}, {@code 10.0.0.0/8}, {@code 10.0.0.1-10.0.0.9}. */
    Match addressIn(List<String> ranges) {
        return any(
                ranges,
                range -> Range.ofAddresses(range)
                        .map(found -> found.holds(
                                Integer.toUnsignedLong(destination.address().bits()))));
    }

    /** Whether it goes to one of these ports: {@code 80}, {@code 80-90}, {@code 80:90}. */
    Match portIn(List<String> ranges) {
        return any(ranges, range -> Range.ofPorts(range).map(found -> found.holds(destination.port())));
    }

    /** Whether it leaves on one of these devices; {@code +} and {@code *} at the end stand for anything. */
    Match deviceIn(List<String> names) {
        return Match.of(names.stream()
                .anyMatch(name -> name.endsWith("+") || name.endsWith("*")
                        ? device.startsWith(name.substring(0, name.length() - 1))
                        : device.equals(name)));
    }

    /** Whether connection tracking has it in one of these states; packets that follow it may be in others. */
    Match stateIn(List<String> states) {
        if (states.stream().anyMatch("new"::equalsIgnoreCase)) {
            return Match.YES;
        }
        return states.stream().anyMatch(state -> LATER_STATES.contains(state.toLowerCase(Locale.ROOT)))
                ? Match.MAYBE
                : Match.NO;
    }

    private interface Test {
        /** Empty where the text is not understood. */
        Optional<Boolean> holds(String text);
    }

    private static Match any(List<String> texts, Test test) {
        Match match = Match.NO;
        for (String text : texts) {
            Match one = test.holds(text).map(Match::of).orElse(Match.MAYBE);
            match = match.compareTo(one) < 0 ? one : match;
        }
        return match;
    }

    /** From one number to another. */
    private record Range(long first, long last) {
        private static final int BITS = Integer.SIZE;

        static Optional<Range> ofPorts(String text) {
            String[] ends = text.split("[-:]");
            try {
                return Optional.of(new Range(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        static Optional<Range> ofAddresses(String text) {
            int slash = text.indexOf('/');
            if (slash < 0) {
                String[] ends = text.split("-");
                return address(ends[0])
                        .flatMap(first -> address(ends[ends.length - 1]).map(last -> new Range(first, last)));
            }
            return address(text.substring(0, slash)).flatMap(address -> network(address, text.substring(slash + 1)));
        }

        private static Optional<Range> network(long address, String length) {
            try {
                long size = 1L << BITS - Integer.parseInt(length);
                long first = address / size * size;
                return Optional.of(new Range(first, first + size - 1));
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }

        private static Optional<Long> address(String text) {
            return Address.parse(text).map(address -> Integer.toUnsignedLong(address.bits()));
        }

        boolean holds(long number) {
            return first <= number && number <= last;
        }
    }
}
