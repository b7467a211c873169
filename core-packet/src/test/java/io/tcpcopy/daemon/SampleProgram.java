package io.tcpcopy.daemon;

import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.PcapSettings;
import io.tcpcopy.net.StartException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a program does with this package, to be run as a process of its own. */
final class SampleProgram {
    private SampleProgram() {}

    /** Arguments: {@code wait}, {@code capture DEVICE} or {@code log FILE}. */
    public static void main(String[] arguments) {
        Daemon.main("sample", (out, stop) -> switch (arguments[0]) {
            case "wait" -> waitForStop(out, stop);
            case "capture" -> capture(arguments[1]);
            default -> log(OptionValue.of("-l", arguments[1]));
        });
    }

    private static int waitForStop(PrintWriter out, StopSignal stop) {
        LogSetup.toStderr();
        CountDownLatch stopped = new CountDownLatch(1);
        stop.onStop(stopped::countDown);
        out.println("waiting");
        out.flush();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            return Daemon.FAILED;
        }
        LoggerFactory.getLogger(SampleProgram.class).info("stopped");
        return Daemon.OK;
    }

    private static int capture(String device) throws BadInputException, StartException {
        LogSetup.toStderr();
        PcapSettings settings = new PcapSettings(device, "tcp", true, 128, 1 << 20, true);
        CaptureOpener.open(List.of(settings)).forEach(PacketSource::close);
        return Daemon.OK;
    }

    private static int log(OptionValue file) throws BadInputException {
        LogSetup.toFile(file);
        Logger logger = LoggerFactory.getLogger(SampleProgram.class);
        logger.error("one");
        logger.warn("two");
        logger.info("three");
        logger.debug("left out");
        LoggerFactory.getLogger("org.pcap4j.core.PcapHandle").info("left out too");
        LoggerFactory.getLogger("org.pcap4j.core.PcapHandle").warn("four");
        return Daemon.OK;
    }
}
