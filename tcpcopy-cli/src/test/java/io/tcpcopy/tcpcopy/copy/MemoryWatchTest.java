package io.tcpcopy.tcpcopy.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Address;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryWatchTest {
    private static final long MB = 1 << 20;
    private static final long LIMIT = 100 * MB;

    private final LoopWorld world = new LoopWorld();
    private final EventLoop loop = world.loop(world.host(Address.LOOPBACK));
    private final List<String> complaints = new ArrayList<>();
    private long residentBytes = LIMIT;
    private long unwantedBytes;
    private int asked;
    private int collections;

    private final MemoryWatch watch =
            new MemoryWatch(loop, () -> residentBytes, LIMIT, complaints::add, this::dropUnwanted, () -> collections++);

    private long dropUnwanted() {
        asked++;
        return unwantedBytes;
    }

    private void pass(long seconds) {
        world.pass(TimeUnit.SECONDS.toNanos(seconds));
    }

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void moreThanAllowedIsComplainedOfWithinASecond() {
        watch.start();
        pass(1);
        assertThat(complaints).isEmpty();

        residentBytes = LIMIT + 3 * MB;
        pass(1);
        assertThat(complaints).containsExactly("the memory limit is exceeded: 103 MB are resident, and -m allows 100");
    }

    @Test
    void whatIsUnwantedIsAskedForTwiceAMinuteAndCollectedWhereItIsMuch() {
        watch.start();
        unwantedBytes = 10 * MB;
        pass(30);
        assertThat(asked).isOne();
        assertThat(collections).as("for 10 MB").isZero();

        pass(30);
        assertThat(asked).isEqualTo(2);
        assertThat(collections).as("for 20 MB").isOne();
    }
}
