package io.tcpcopy.doctor;

import io.tcpcopy.host.HostCommand;
import io.tcpcopy.host.HostText;
import io.tcpcopy.host.NotReadException;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.netlink.Link;
import io.tcpcopy.net.netlink.RoutingSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The host that this process runs on. */
public final class ThisHost implements Host {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final HostCommand command = new HostCommand(PATIENCE, false);

    /** This one. */
    public ThisHost() {}

    @Override
    public Optional<String> file(String path) {
        try {
            return Optional.of(HostText.read(Path.of(path)).text());
        } catch (IOException | InvalidPathException e) {
            return Optional.empty();
        }
    }

    @Override
    public List<String> names(String folder) {
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException | InvalidPathException e) {
            return List.of();
        }
    }

    @Override
    public Optional<String> output(String... words) {
        try {
            return Optional.of(command.output(words));
        } catch (NotReadException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Link> link(String device) {
        try (RoutingSocket requests = RoutingSocket.forRequests()) {
            return requests.link(device);
        } catch (StartException e) {
            return Optional.empty();
        }
    }
}
