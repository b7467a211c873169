package io.tcpcopy.collect;

import io.tcpcopy.host.HostCommand;
import io.tcpcopy.host.HostText;
import io.tcpcopy.host.MemoryGroups;
import io.tcpcopy.host.NotReadException;
import io.tcpcopy.options.OptionValue;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the host shows of itself: its kernel, its network, and what this process may have of it. */
final class HostParts {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Path SETTINGS = Path.of("/proc/sys");
    private static final List<String> KINDS_OF_SETTINGS = List.of("net/ipv4", "net/core", "net/netfilter");
    /** Keys of TCP Fast Open and of the cards' hashes: secrets. */
    private static final Pattern SECRET = Pattern.compile(".*(key|secret)");

    private static final Path DEVICES = Path.of("/sys/class/net");
    private static final String DEVICE_PROGRAM = "ethtool";
    private static final String LOOPBACK = "lo";
    /** A host of containers has hundreds, which are alike. */
    private static final int MOST_DEVICES = 32;

    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
    /** What tells the model, on x86-64 and on arm64. */
    private static final Pattern PROCESSOR_MODEL = Pattern.compile("(model name|CPU (implementer|part))\\s*:.*");

    /** Of the unified hierarchy, then of the one before. */
    private static final List<String> MEMORY_OF_GROUP = List.of(
            "memory.max",
            "memory.high",
            "memory.current",
            "memory.events",
            "memory.limit_in_bytes",
            "memory.usage_in_bytes",
            "memory.max_usage_in_bytes",
            "memory.failcnt");

    private final ReportArchive archive;
    private final HostCommand command = new HostCommand(PATIENCE, true);

    private HostParts(ReportArchive archive) {
        this.archive = archive;
    }

    /** Adds all of it. */
    static void addTo(ReportArchive archive) throws IOException {
        HostParts parts = new HostParts(archive);
        parts.addSystem();
        parts.addNetwork();
        parts.addDevices();
        parts.addProcess();
    }

    private void addSystem() throws IOException {
        file("system/os-release.txt", "/etc/os-release");
        file("system/memory.txt", "/proc/meminfo");
        archive.add("system/processors.txt", HostParts::processors);
        archive.add("system/sysctl.txt", HostParts::settings);
    }

    private void addNetwork() throws IOException {
        command("network/addresses.txt", "ip", "addr");
        command("network/links.txt", "ip", "-s", "link");
        command("network/routes.txt", "ip", "route", "show", "table", "all");
        command("network/rules.txt", "ip", "rule");
        command("network/neighbours.txt", "ip", "neigh");
        command("network/iptables-save.txt", "iptables-save");
        command("network/nft.txt", "nft", "list", "ruleset");
        for (String name : List.of("netstat", "snmp", "softnet_stat", "dev")) {
            file("network/" + name + ".txt", "/proc/net/" + name);
        }
    }

    private void addDevices() throws IOException {
        if (!HostCommand.isThere(DEVICE_PROGRAM)) {
            archive.notRead("devices", "there is no program " + DEVICE_PROGRAM);
            return;
        }
        List<String> devices;
        try (Stream<Path> found = Files.list(DEVICES)) {
            devices = found.map(device -> device.getFileName().toString())
                    .filter(name -> !name.equals(LOOPBACK))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            archive.notRead("devices", e.toString());
            return;
        }
        for (String device : devices.subList(0, Math.min(devices.size(), MOST_DEVICES))) {
            command("devices/" + device + "-offloading.txt", DEVICE_PROGRAM, "-k", device);
            command("devices/" + device + "-counters.txt", DEVICE_PROGRAM, "-S", device);
        }
        if (devices.size() > MOST_DEVICES) {
            archive.notRead("devices", devices.size() - MOST_DEVICES + " more than " + MOST_DEVICES + " of them");
        }
    }

    private void addProcess() throws IOException {
        file("process/limits.txt", "/proc/self/limits");
        file("process/status.txt", "/proc/self/status");
        archive.add("process/control-group.txt", HostParts::controlGroup);
    }

    private void file(String name, String path) throws IOException {
        archive.add(name, () -> HostText.read(Path.of(path)).text());
    }

    private void command(String name, String... words) throws IOException {
        archive.add(name, () -> command.output(words));
    }

    private static String processors() throws IOException {
        String text = HostText.read(PROCESSORS).text();
        return Runtime.getRuntime().availableProcessors() + " for this process\n"
                + text.lines().filter(line -> line.startsWith("processor")).count() + " in all\n"
                + text.lines()
                        .filter(line -> PROCESSOR_MODEL.matcher(line).matches())
                        .distinct()
                        .collect(Collectors.joining("\n", "", "\n"));
    }

    /** All settings of these kinds that may be read, as sysctl(8) writes them. */
    private static String settings() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String kind : KINDS_OF_SETTINGS) {
            Files.walkFileTree(SETTINGS.resolve(kind), new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    files.add(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    // Devices come and go, and their settings with them; connection tracking may not be there.
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        return files.stream()
                .filter(HostParts::isToBeRead)
                .sorted()
                .map(HostParts::setting)
                .collect(Collectors.joining());
    }

    private static boolean isToBeRead(Path file) {
        try {
            // Root may read what nobody is meant to, which gives an error.
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_READ)
                    && !SECRET.matcher(file.getFileName().toString()).matches();
        } catch (IOException e) {
            return false;
        }
    }

    private static String setting(Path file) {
        String name = SETTINGS.relativize(file).toString().replace('/', '.');
        try {
            return name + " = " + HostText.read(file).text().strip() + "\n";
        } catch (IOException e) {
            return name + " not read: " + OptionValue.reason(e) + "\n";
        }
    }

    /** How much memory this process's control group may have, and has. */
    private static String controlGroup() throws IOException, NotReadException {
        String membership = HostText.read(Path.of(MemoryGroups.MEMBERSHIP)).text();
        for (String folder : MemoryGroups.folders(membership)) {
            String text = memory(Path.of(folder));
            if (!text.isEmpty()) {
                return text;
            }
        }
        throw new NotReadException("no control group for memory is to be seen");
    }

    private static String memory(Path group) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String name : MEMORY_OF_GROUP) {
            Path file = group.resolve(name);
            if (Files.exists(file)) {
                text.append(file).append(":\n").append(HostText.read(file).text());
            }
        }
        return text.toString();
    }
}
