package io.tcpcopy.doctor;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.host.MemoryGroups;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the host, the control group and the limits of the process leave the memory that it may come to use. */
public final class MemoryCheck {
    private static final String MEMORY = "/proc/meminfo";
    private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s*(\\d+) kB");
    private static final String LIMITS = "/proc/self/limits";
    private static final Pattern ADDRESS_SPACE = Pattern.compile("(?m)^Max address space\\s+(\\d+)\\s");

    /** The limit of a control group: a file of the unified hierarchy, or of the one before. */
    private static final List<String> GROUP_LIMITS = List.of("memory.max", "memory.limit_in_bytes");

    private static final int KB_SHIFT = 10;
    private static final int MB_SHIFT = 20;

    private final Host host;
    private final long wantedBytes;
    private final String wanted;
    private final String wantingLess;

    /**
     * Of a host.
     *
     * @param wantedBytes how much the process may come to use
     * @param wanted the same, in words that end a clause: {@code -m allows 2048}
     * @param wantingLess how it would use less, in words that begin a clause: {@code a smaller -m, or }; empty where it cannot
     */
    public MemoryCheck(Host host, long wantedBytes, String wanted, String wantingLess) {
        this.host = host;
        this.wantedBytes = wantedBytes;
        this.wanted = wanted;
        this.wantingLess = wantingLess;
    }

    /** An amount of memory that is there. */
    private record Room(long bytes, String words, String remedy) {
        long megabytes() {
            return bytes >> MB_SHIFT;
        }
    }

    /** Looks. */
    public Finding finding() {
        List<Room> rooms = new ArrayList<>();
        available().ifPresent(rooms::add);
        group().ifPresent(rooms::add);
        addressSpace().ifPresent(rooms::add);
        Optional<Room> smallest = rooms.stream().min(Comparator.comparingLong(Room::bytes));
        if (smallest.isEmpty()) {
            return Finding.notChecked(
                    Code.MEMORY_LIMIT, "the kernel does not say what memory there is", "look at " + MEMORY);
        }
        Room room = smallest.get();
        String seen = room.words() + " " + room.megabytes() + " MB, and " + wanted;
        return room.bytes() < wantedBytes
                ? Finding.warning(Code.MEMORY_LIMIT, seen, room.remedy())
                : Finding.ok(Code.MEMORY_LIMIT, seen);
    }

    private Optional<Room> available() {
        return first(AVAILABLE, MEMORY)
                .map(kilobytes -> new Room(
                        Long.parseLong(kilobytes) << KB_SHIFT,
                        "this host has",
                        wantingLess + "end other programs: else the kernel may end this one"));
    }

    private Optional<Room> addressSpace() {
        return first(ADDRESS_SPACE, LIMITS)
                .map(bytes ->
                        new Room(Long.parseLong(bytes), "the address space is limited to", "ulimit -v unlimited"));
    }

    /** The tightest limit of the control group and those around it, which the kernel ends processes at without a word to them. */
    private Optional<Room> group() {
        return MemoryGroups.folders(host.file(MemoryGroups.MEMBERSHIP).orElse("")).stream()
                .flatMap(folder -> GROUP_LIMITS.stream().map(limit -> host.number(folder + "/" + limit)))
                .flatMapToLong(OptionalLong::stream)
                .boxed()
                .min(Comparator.naturalOrder())
                .map(bytes -> new Room(
                        bytes,
                        "the control group allows",
                        wantingLess
                                + "a larger MemoryMax= in its systemd unit: the kernel ends the program at the limit"));
    }

    private Optional<String> first(Pattern pattern, String path) {
        Matcher matcher = pattern.matcher(host.file(path).orElse(""));
        return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
