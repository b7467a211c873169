package io.tcpcopy.tcpcopy.offline;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tcpcopy.capture.CaptureFileWriter;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.MemoryNetwork;
import io.tcpcopy.loop.Timed;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.SessionEngine;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.tcpcopy.report.CopyOutcome;
import io.tcpcopy.tcpcopy.returnpath.EveryRoute;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ReplayProgressTest {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    @TempDir
    private Path folder;

    private final Logger log = (Logger) LoggerFactory.getLogger(ReplayProgress.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private long nowNs;

    @BeforeEach
    void listen() {
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void leave() {
        log.detachAppender(lines);
    }

    /** Each turn takes a second. */
    private void run(EventLoop loop, int seconds) {
        loop.addTimed(new Timed() {
            @Override
            public long nextDeadlineNs() {
                return nowNs;
            }

            @Override
            public void runDue(long now) {
                nowNs += SECOND_NS;
                if (nowNs > seconds * SECOND_NS) {
                    loop.stop();
                }
            }
        });
        loop.run();
    }

    @Test
    void whereThereIsNoTerminalTheLogHasALineEveryTenSeconds() throws Exception {
        Path path = folder.resolve("some.pcap");
        try (CaptureFileWriter writer = new CaptureFileWriter(path, CaptureFileWriter.ETHERNET)) {
            writer.add(0, new byte[60]);
        }
        Settings settings = Settings.of(List.of(new Transfer(new Endpoint(Address.ANY, 80), Endpoint.ipv4(1, 80))))
                .build();
        SessionEngine copier = new SessionEngine(settings, packet -> {}, new EveryRoute(), fault -> {
            throw fault;
        });
        Metrics metrics = new Metrics("tcpcopy");
        copier.addTo(metrics);
        OfflineSettings offline = new OfflineSettings(path, "", 1, Long.MAX_VALUE, 2, List.of());
        try (EventLoop loop = new EventLoop(() -> nowNs, new MemoryNetwork().host(Address.LOOPBACK));
                FileReplay engine = new FileReplay(loop, offline, copier, () -> true, () -> {})) {
            ReplayProgress progress =
                    new ReplayProgress(loop, engine, true, () -> 7, () -> CopyOutcome.ofConnections(metrics));
            // Its only packet is none for the copier, so the first of two passes is over at once, and so is all.
            engine.start();
            run(loop, 25);
            progress.close();

            assertThat(lines.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .containsExactly(
                            "replayed 50 %, seconds left:10,packets/s:0,alive:7,lost bytes:0",
                            "replayed 50 %, seconds left:20,packets/s:0,alive:7,lost bytes:0");
        }
    }
}
