package io.tcpcopy.session.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A pair counts as remembered by the target for a minute. */
class RecentPairsTest {
    private final RecentPairs pairs = new RecentPairs();

    @Test
    void aPairThatWasUsedIsRememberedForAMinute() {
        pairs.used(flow(40000), TimeUnit.SECONDS.toNanos(1000));

        assertThat(pairs.isRemembered(flow(40000), TimeUnit.SECONDS.toNanos(1060)))
                .isTrue();
        assertThat(pairs.isRemembered(flow(40000), TimeUnit.SECONDS.toNanos(1061)))
                .isFalse();
    }

    @Test
    void portsOfOneClientAreToldApart() {
        for (int port = 1024; port < 65536; port += 2) {
            pairs.used(flow(port), 0);
        }
        for (int port = 1025; port < 65536; port += 2) {
            assertThat(pairs.isRemembered(flow(port), 0)).isFalse();
        }
    }

    private static Flow flow(int port) {
        return new Flow().client(0x0A010001, port).server(0x0A020064, 8080);
    }
}
