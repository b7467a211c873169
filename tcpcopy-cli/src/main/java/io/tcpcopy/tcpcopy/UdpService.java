package io.tcpcopy.tcpcopy;

import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.daemon.BadInputException;
import io.tcpcopy.daemon.CaptureFeed;
import io.tcpcopy.daemon.CaptureOpener;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.StartException;
import io.tcpcopy.session.UdpCopy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies UDP: capture, datagrams and injection in one loop. There is no intercept, since nothing has to come back. */
final class UdpService implements CopyService {
    private static final Logger LOG = LoggerFactory.getLogger(UdpService.class);

    private final TcpcopySettings settings;
    private final EventLoop loop;
    private final Injection injection;
    private final List<PacketSource> sources;
    private final List<CaptureFeed> feeds = new ArrayList<>();
    private final UdpCopy copy;
    private final UdpStatisticsLog statistics;
    private final StatisticsClock statisticsClock;
    private String failure;

    /**
     * Opens all that needs privileges.
     *
     * @throws BadInputException when a device or the filter cannot be used
     * @throws StartException when something cannot be opened
     */
    UdpService(TcpcopySettings settings) throws BadInputException, StartException {
        this.settings = settings;
        Libc.checkPlatform();
        loop = new EventLoop(System::nanoTime);
        injection = new Injection(loop, settings);
        sources = CaptureOpener.open(settings.captures());
        copy = new UdpCopy(settings.session(), injection.sink()::send);
        statistics = new UdpStatisticsLog(loop, copy, new PacketStatistics(sources, copy.verdicts(), injection.sink()));
        statisticsClock = new StatisticsClock(loop, statistics::write);
        injection.leadFrom(copy::mtu);
    }

    @Override
    public void run(Runnable whenStarted) throws StartException {
        new MemoryWatch(loop, settings.memoryLimitBytes(), this::fail).start();
        for (PacketSource source : sources) {
            feeds.add(new CaptureFeed(loop, source, this::captured));
        }
        statisticsClock.start();
        LOG.info(
                "tcpcopy started: copying UDP {}, capturing on {}",
                settings.transferText(),
                sources.stream().map(PacketSource::name).collect(Collectors.joining(",")));
        whenStarted.run();
        loop.run();
        injection.finish();
        statistics.write();
        if (failure != null) {
            throw new StartException(failure);
        }
        LOG.info("tcpcopy stopped");
    }

    private void captured(ByteBuffer buffer, int offset, int length, int wireLength, long arrivalNs) {
        copy.turn(loop.nowNs());
        if (copy.admit(buffer, offset, length, wireLength)) {
            copy.take();
        }
    }

    private void fail(String reason) {
        failure = reason;
        loop.stop();
    }

    @Override
    public void stop() {
        loop.stop();
    }

    @Override
    public void writeStatisticsNow() {
        statisticsClock.writeNow();
    }

    @Override
    public void close() {
        feeds.forEach(CaptureFeed::close);
        injection.close();
        loop.close();
    }
}
