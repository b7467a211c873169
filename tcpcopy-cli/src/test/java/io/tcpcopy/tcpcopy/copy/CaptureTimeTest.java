package io.tcpcopy.tcpcopy.copy;

import static io.tcpcopy.packet.OutgoingPacket.TIME_UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Address;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopWorld;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CaptureTimeTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LoopWorld world = new LoopWorld();
    private final EventLoop loop = world.loop(world.host(Address.ipv4(0x0A000001)));
    private long aheadNs = 1_800_000_000L * SECOND;
    private final CaptureTime time = new CaptureTime(loop, () -> world.nowNs() + aheadNs);

    /** A turn of the loop so much later, and what was captured a millisecond before it. */
    private long delayOfTurn(long laterNs) {
        world.pass(laterNs);
        loop.turn();
        long capturedNs = time.of(world.nowNs() + aheadNs - MS);
        return capturedNs == TIME_UNKNOWN ? TIME_UNKNOWN : loop.nowNs() - capturedNs;
    }

    @Test
    void theTimeOfTheDayBecomesThatOfTheLoop() {
        assertThat(delayOfTurn(0)).isEqualTo(MS);
        assertThat(delayOfTurn(SECOND)).isEqualTo(MS);
    }

    @Test
    void aClockThatIsSetSlowlyIsFollowed() {
        delayOfTurn(0);
        for (int second = 0; second < 20; second++) {
            aheadNs += MS / 2;
            assertThat(delayOfTurn(SECOND)).isEqualTo(MS);
        }
    }

    @Test
    void afterTheClockWasSetNothingIsKnownForASecond() {
        delayOfTurn(0);
        aheadNs -= 60 * SECOND;

        assertThat(delayOfTurn(MS)).isEqualTo(TIME_UNKNOWN);
        assertThat(delayOfTurn(SECOND - MS)).isEqualTo(TIME_UNKNOWN);
        assertThat(delayOfTurn(MS)).isEqualTo(MS);
    }
}
