package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.tcpcopy.e2e.GuideText.Block;
import io.tcpcopy.e2e.GuideText.Commands;
import io.tcpcopy.e2e.GuideText.Output;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A guide that a reader follows in the lab: each command runs on its host, in the order of the guide and in a folder of the lab, with the programs
 * on the search path as after an installation. What the guide does not say, the traffic of clients above all, a test does between its sections.
 */
final class Guide {
    private static final Duration LONGEST_COMMAND = Duration.ofMinutes(1);
    private static final Duration TIME_TO_SAY = Duration.ofSeconds(60);
    private static final Path CHECKOUT = Path.of(Lab.script("test")).getParent().getParent();

    private final Lab lab;
    private final GuideText text;
    private final Deque<HostProcess> running = new ArrayDeque<>();
    private int next;
    private HostProcess latest;

    /** Nothing of it is done yet. */
    Guide(Lab lab, String name) {
        this.lab = lab;
        this.text = GuideText.read(name);
        replaceSsh();
    }

    /** No host of the lab has an ssh server: what is to run on another host is run there. */
    private void replaceSsh() {
        String cases = "";
        for (Host host : List.of(Host.TARGET, Host.ASSISTANT)) {
            cases += lab.address(host.name()) + ") host=" + lab.namespace(host) + " ;;\n";
        }
        Path ssh = lab.file("ssh");
        try {
            Files.writeString(ssh, "#!/bin/sh\ncase $1 in\n" + cases + """
                    *) exit 255 ;;
                    esac
                    shift
                    exec ip netns exec "$host" sh -c "$*"
                    """);
            Files.setPosixFilePermissions(ssh, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Does what stands before the section with this heading. */
    Guide followTo(String heading) {
        int end = indexOf(heading);
        while (next < end) {
            follow(text.blocks().get(next++));
        }
        return this;
    }

    /** Leaves out what stands before the section with this heading. */
    Guide skipTo(String heading) {
        next = indexOf(heading);
        return this;
    }

    /** Does the rest, and ends what still runs by Ctrl-C, the latest first. */
    void followToEnd() {
        while (next < text.blocks().size()) {
            follow(text.blocks().get(next++));
        }
        stop();
    }

    /** Ends what runs by Ctrl-C, the latest first. */
    void stop() {
        while (!running.isEmpty()) {
            interruptLatest("the end of " + text.name());
        }
    }

    /** The program that was started last, of those that still keep running. */
    HostProcess latestRunning() {
        return running.element();
    }

    /** Where that section's first block is, which is still to come. */
    private int indexOf(String heading) {
        int index = next;
        while (index < text.blocks().size()
                && !text.blocks().get(index).heading().equals(heading)) {
            index++;
        }
        assertThat(index)
                .as("section \"" + heading + "\" is still to come")
                .isLessThan(text.blocks().size());
        return index;
    }

    private void follow(Block block) {
        String place = text.name() + ".md:" + block.line();
        if (block instanceof Commands commands) {
            run(place, commands);
        } else if (block instanceof Output output) {
            look(place, output);
        }
    }

    private void run(String place, Commands commands) {
        String[] command = {
            "env",
            "PATH=" + searchPath(),
            "sh",
            "-euc",
            "cd " + lab.file("") + "\n" + (commands.keepsRunning() ? "exec " : "") + commands.script()
        };
        latest = lab.start(place, commands.host(), command);
        if (commands.keepsRunning()) {
            running.push(latest);
        } else {
            int status = latest.waitFor(LONGEST_COMMAND);
            assertThat(status)
                    .as("%s: %s\n%s", place, commands.script(), latest.output())
                    .isEqualTo(commands.status());
        }
    }

    private String searchPath() {
        List<String> folders = new ArrayList<>(List.of(lab.file("").toString()));
        for (String module : List.of("tcpcopy-cli", "intercept-cli")) {
            folders.add(CHECKOUT.resolve(module).resolve("target/dist/bin").toString());
        }
        folders.add(System.getenv("PATH"));
        return String.join(":", folders);
    }

    private void look(String place, Output output) {
        HostProcess process = output.interrupts() ? interruptLatest(place) : latest;
        ShownLines shown = new ShownLines(output.lines());
        Waiting.holdsWithin(TIME_TO_SAY, () -> {
            boolean mayStillSaySo = process.isRunning();
            return shown.missingIn(process.output()).isEmpty() || !mayStillSaySo;
        });
        Optional<String> missing = shown.missingIn(process.output());
        if (missing.isPresent()) {
            fail("%s: not seen: %s\n%s".formatted(place, missing.get(), process.output()));
        }
    }

    private HostProcess interruptLatest(String place) {
        HostProcess process = running.pop();
        process.mustRun();
        if (process.output().contains("tcpcopy started")) {
            // Whoever stops it under way is told of what was.
            FinalLedger.awaitDelivery(process);
        }
        process.interrupt();
        int status = process.waitFor(LONGEST_COMMAND);
        assertThat(status)
                .as("%s: status after Ctrl-C\n%s", place, process.output())
                .isZero();
        return process;
    }
}
