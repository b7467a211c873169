package io.tcpcopy.doctor;

import io.tcpcopy.net.StartException;
import io.tcpcopy.net.netlink.Link;
import io.tcpcopy.net.netlink.RoutingSocket;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The host that this process runs on. */
public final class ThisHost implements Host {
    /** Where programs for administrators are, which the PATH of others does not name. */
    private static final List<String> FOLDERS =
            List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/local/bin");

    private static final long PATIENCE_MS = 2000;
    private static final int ROOM = 64 << 10;

    /** This one. */
    public ThisHost() {}

    @Override
    public Optional<String> file(String path) {
        try (InputStream in = new FileInputStream(path)) {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            // A setting of the kernel is given once, as far as there is room: Files.readString makes room for one byte.
            byte[] buffer = new byte[ROOM];
            for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                text.write(buffer, 0, length);
            }
            return Optional.of(text.toString(StandardCharsets.UTF_8));
        } catch (IOException e) {
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
    public Optional<String> output(String... command) {
        return FOLDERS.stream()
                .map(folder -> Path.of(folder, command[0]))
                .filter(Files::isExecutable)
                .findFirst()
                .flatMap(program -> run(program, command));
    }

    private static Optional<String> run(Path program, String... command) {
        List<String> words = new ArrayList<>(List.of(command));
        words.set(0, program.toString());
        ProcessBuilder builder = new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("LC_ALL", "C");
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            CompletableFuture.delayedExecutor(PATIENCE_MS, TimeUnit.MILLISECONDS)
                    .execute(process::destroyForcibly);
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.of(printed) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
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
