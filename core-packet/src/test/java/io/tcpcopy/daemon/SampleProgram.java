package io.tcpcopy.daemon;

import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.open.CaptureOpener;
import io.tcpcopy.capture.pcap.PcapSettings;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.CommandLineReader;
import io.tcpcopy.options.CommonOptions;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a program does with this package, to be run as a process of its own. */
@Command(name = "sample")
final class SampleProgram {
    private static final Logger LOG = LoggerFactory.getLogger(SampleProgram.class);

    /** What is done: {@code wait} for a signal, {@code log}, {@code capture}, {@code fail} to start, or {@code halt} as if killed. */
    @Option(names = "-a")
    private String activity;

    @Option(names = "-i")
    private String device;

    @Mixin
    private CommonOptions common = new CommonOptions();

    private SampleProgram() {}

    public static void main(String[] arguments) {
        Daemon.main("sample", (out, life) -> {
            SampleProgram program = new SampleProgram();
            if (!new CommandLineReader(program).read(arguments, out)) {
                return Daemon.OK;
            }
            return life.run(program.common.lifeCycle(Optional.empty()), () -> program.run(out, life));
        });
    }

    private int run(PrintWriter out, LifeCycle life) throws BadInputException, StartException {
        switch (activity) {
            case "wait" -> waitForStop(out, life);
            case "capture" -> capture();
            case "fail" -> throw new StartException("port 36524 is taken");
            case "halt" -> Runtime.getRuntime().halt(137);
            default -> log();
        }
        return Daemon.OK;
    }

    private static void waitForStop(PrintWriter out, LifeCycle life) {
        CountDownLatch stopped = new CountDownLatch(1);
        life.onStop(stopped::countDown);
        life.onStatistics(() -> LOG.info("statistics"));
        life.onReport(() -> LOG.info("report"));
        LOG.info("waiting");
        out.println("waiting");
        out.flush();
        life.started();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        LOG.info("stopped");
    }

    private void capture() throws BadInputException, StartException {
        PcapSettings settings = new PcapSettings(device, "tcp", true, 128, 1 << 20, true);
        CaptureOpener.open(List.of(settings)).forEach(PacketSource::close);
    }

    private static void log() {
        LOG.error("one");
        LOG.warn("two");
        LOG.info("three");
        LOG.debug("left out");
        LoggerFactory.getLogger("org.pcap4j.core.PcapHandle").info("left out too");
        LoggerFactory.getLogger("org.pcap4j.core.PcapHandle").warn("four");
    }
}
