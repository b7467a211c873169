package io.tcpcopy.tcpcopy.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Durations;
import io.tcpcopy.metrics.Histogram;
import io.tcpcopy.tcpcopy.report.LiveFigures.Moment;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LiveFiguresTest {
    private static final OptionalLong NO_SESSIONS = OptionalLong.empty();

    private final Histogram delays = new Histogram(new Description("some_seconds", "Some."));

    private static Moment moment(long second, Account account, OptionalLong sessions, long drops, Durations delays) {
        return new Moment(TimeUnit.SECONDS.toNanos(second), account, sessions, drops, delays);
    }

    private Moment requests(long second, long captured, long delivered, long lost) {
        return moment(second, new Account(captured, delivered, lost), OptionalLong.of(1234), 0, delays.durations());
    }

    @Test
    void numbersAreThoseOfASecond() {
        LiveFigures figures = new LiveFigures(requests(10, 500, 500, 0));

        assertThat(figures.next(requests(12, 10_500, 10_400, 0)))
                .isEqualTo("requests/s: captured 5,000, delivered 4,950, lost 0; 1,234 sessions");
        assertThat(figures.next(requests(13, 10_507, 10_407, 0)))
                .isEqualTo("requests/s: captured 7, delivered 7, lost 0; 1,234 sessions");
    }

    @Test
    void whatWasLostBeforeIsNotForgotten() {
        LiveFigures figures = new LiveFigures(requests(0, 0, 0, 0));

        assertThat(figures.next(requests(1, 100, 80, 20)))
                .startsWith("requests/s: captured 100, delivered 80, lost 20 (20 in all); ");
        assertThat(figures.next(requests(2, 200, 180, 20)))
                .startsWith("requests/s: captured 100, delivered 100, lost 0 (20 in all); ");
    }

    @Test
    void theDelayIsTheMedianOfTheLastTenSeconds() {
        LiveFigures figures = new LiveFigures(requests(0, 0, 0, 0));
        delays.record(TimeUnit.MICROSECONDS.toNanos(200));

        assertThat(figures.next(requests(1, 0, 0, 0))).endsWith("; delay 0.18 ms");
        for (int second = 2; second < 10; second++) {
            assertThat(figures.next(requests(second, 0, 0, 0))).endsWith("; delay 0.18 ms");
        }
        assertThat(figures.next(requests(10, 0, 0, 0))).endsWith("sessions");
    }

    @Test
    void datagramsAreSentAndHaveNoSessions() {
        LiveFigures figures = new LiveFigures(moment(0, new Account(0, 0, 0), NO_SESSIONS, 0, Durations.NONE));

        assertThat(figures.next(moment(1, new Account(5, 4, 1), NO_SESSIONS, 0, Durations.NONE)))
                .isEqualTo("datagrams/s: captured 5, sent 4, lost 1 (1 in all)");
    }

    @Test
    void whatTheKernelDropsIsSaidAsWell() {
        LiveFigures figures = new LiveFigures(moment(0, new Account(0, 0, 0), NO_SESSIONS, 0, Durations.NONE));

        assertThat(figures.next(moment(1, new Account(0, 0, 0), NO_SESSIONS, 1200, Durations.NONE)))
                .endsWith("lost 0; 1,200 dropped by the kernel");
    }
}
