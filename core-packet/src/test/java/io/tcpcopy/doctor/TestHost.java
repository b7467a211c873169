package io.tcpcopy.doctor;

import io.tcpcopy.net.netlink.Link;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A host of which a test says what is there; nothing is there at the beginning. */
public final class TestHost implements Host {
    /** Flags of a device: up, and with a carrier ({@code linux/if.h}). */
    public static final int UP = 0x1;

    public static final int UP_WITH_CARRIER = 0x10001;
    /** {@code ARPHRD_ETHER}. */
    public static final int ETHERNET = 1;

    private final Map<String, String> files = new HashMap<>();
    private final Map<String, List<String>> folders = new HashMap<>();
    private final Map<String, String> outputs = new HashMap<>();
    private final Map<String, Link> links = new HashMap<>();

    /** Has a file. */
    public TestHost with(String path, String text) {
        files.put(path, text);
        return this;
    }

    /** Has a folder. */
    public TestHost withNames(String folder, String... names) {
        folders.put(folder, List.of(names));
        return this;
    }

    /** Has a program that prints this when it is called with these words. */
    public TestHost withOutput(String command, String text) {
        outputs.put(command, text);
        return this;
    }

    /** Has a device. */
    public TestHost withDevice(String name, int type, int flags) {
        links.put(name, new Link(1, name, type, "", flags, 1500, OptionalLong.empty()));
        return this;
    }

    @Override
    public Optional<String> file(String path) {
        return Optional.ofNullable(files.get(path));
    }

    @Override
    public List<String> names(String folder) {
        return folders.getOrDefault(folder, List.of());
    }

    @Override
    public Optional<String> output(String... command) {
        return Optional.ofNullable(outputs.get(String.join(" ", command)));
    }

    @Override
    public Optional<Link> link(String device) {
        return Optional.ofNullable(links.get(device));
    }
}
