package io.tcpcopy.tcpcopy;

import io.tcpcopy.daemon.BadInputException;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.StartException;
import io.tcpcopy.session.UdpCopy;
import java.io.PrintWriter;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies UDP: input, datagrams and injection in one loop. There is no intercept, since nothing has to come back. */
final class UdpService implements CopyService {
    private static final Logger LOG = LoggerFactory.getLogger(UdpService.class);

    private final TcpcopySettings settings;
    private final EventLoop loop;
    private final Injection injection;
    private final UdpCopy copy;
    private final Input input;
    private final UdpStatisticsLog statistics;
    private final StatisticsClock statisticsClock;
    private String failure;

    /**
     * Opens all that needs privileges.
     *
     * @param out where people see what they would not see in the log
     * @throws BadInputException when a device, a file or the filter cannot be used
     * @throws StartException when something cannot be opened
     */
    UdpService(TcpcopySettings settings, PrintWriter out) throws BadInputException, StartException {
        this.settings = settings;
        Libc.checkPlatform();
        loop = new EventLoop(System::nanoTime);
        injection = new Injection(loop, settings);
        copy = new UdpCopy(settings.session(), injection.sink()::send);
        input = Input.open(settings, loop, copy, injection::isReadyOrGivenUp, this::outcome, out);
        statistics = new UdpStatisticsLog(
                loop, copy, new PacketStatistics(input.totals(), copy.verdicts(), injection.sink()));
        statisticsClock = new StatisticsClock(loop, statistics::write);
        injection.leadFrom(copy::mtu);
    }

    @Override
    public int run(Runnable whenStarted) throws BadInputException, StartException {
        new MemoryWatch(loop, settings.memoryLimitBytes(), this::fail).start();
        input.start();
        statisticsClock.start();
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

    private ReplayOutcome outcome() {
        return ReplayOutcome.of(copy, injection.sink().counters());
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
        input.close();
        injection.close();
        loop.close();
    }
}
