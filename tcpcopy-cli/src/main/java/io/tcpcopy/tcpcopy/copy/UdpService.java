package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.session.udp.UdpCopy;
import io.tcpcopy.tcpcopy.report.CopyOutcome;
import io.tcpcopy.tcpcopy.report.StatisticsTimer;
import io.tcpcopy.tcpcopy.report.UdpStatisticsLog;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies UDP: input, datagrams and injection in one loop. There is no intercept, since nothing has to come back. */
final class UdpService implements CopyService {
    private static final Logger LOG = LoggerFactory.getLogger(UdpService.class);

    private final CopySettings settings;
    private final EventLoop loop;
    private final Injection injection;
    private final UdpCopy copy;
    private final Input input;
    private final UdpStatisticsLog statistics;
    private final StatisticsTimer statisticsTimer;
    private String failure;

    /**
     * Opens all that needs privileges.
     *
     * @throws BadInputException when a device, a file or the filter cannot be used
     * @throws StartException when something cannot be opened
     */
    UdpService(CopySettings settings, Input.Opener inputOpener) throws BadInputException, StartException {
        this.settings = settings;
        Libc.checkPlatform();
        loop = new EventLoop(System::nanoTime);
        injection = new Injection(loop, settings);
        copy = new UdpCopy(settings.session(), injection.sink()::send);
        input = inputOpener.open(loop, copy, injection::isReadyOrTimedOut, this::outcome);
        statistics = new UdpStatisticsLog(loop, copy, input.counters(), injection.sink());
        statisticsTimer = new StatisticsTimer(loop, statistics::write);
        injection.flushAtTurnEnd(copy::mtu);
    }

    @Override
    public int run(Runnable whenStarted) throws BadInputException, StartException {
        new MemoryWatch(loop, settings.memoryLimitBytes(), this::fail).start();
        input.start();
        statisticsTimer.start();
        LOG.info("tcpcopy started: copying UDP {}, {}", settings.transferText(), input.description());
        whenStarted.run();
        loop.run();
        injection.finish();
        statistics.write();
        int status = input.end(Optional.ofNullable(failure));
        if (failure != null) {
            throw new StartException(failure);
        }
        LOG.info("tcpcopy stopped");
        return status;
    }

    private CopyOutcome outcome() {
        return CopyOutcome.of(copy, injection.sink().counters());
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
        statisticsTimer.writeNow();
    }

    @Override
    public void close() {
        input.close();
        injection.close();
        loop.close();
    }
}
