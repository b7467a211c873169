package io.tcpcopy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.session.base.KnownTarget;
import io.tcpcopy.session.base.KnownTargets;
import io.tcpcopy.session.base.TargetHandshakes;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReplayLeadTest {
    private static final int FEWEST = 512;
    private static final int MOST = 2048;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final KnownTarget target = new KnownTargets(DialogueSettings.of(List.of())).get(0);
    private final TargetHandshakes handshakes = new TargetHandshakes(1);
    private final ReplayLead lead = new ReplayLead(handshakes);
    /** The clock of the machine may say anything. */
    private long nowNs = -5;

    @Test
    void risesWhileHandshakesAreAnsweredInTime() {
        look(1);
        assertThat(lead.packets()).isBetween(FEWEST, MOST / 2);

        look(20);

        assertThat(lead.packets()).isEqualTo(MOST);
    }

    @Test
    void isAskedAgainAfterATenthOfASecond() {
        look(1);
        int before = lead.packets();

        lead.turn(nowNs + LOOK_NS - 1);

        assertThat(lead.packets()).isEqualTo(before);
    }

    @Test
    void fallsWhenASynHasToBeRepeated() {
        look(20);

        handshakes.unanswered(target);
        look(1);

        assertThat(lead.packets()).isEqualTo(FEWEST);
    }

    @Test
    void fallsWhenASynIsAnsweredLate() {
        handshakes.answered(target, 1);
        look(20);

        handshakes.answered(target, TimeUnit.SECONDS.toNanos(1));
        look(1);

        assertThat(lead.packets()).isEqualTo(FEWEST);
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            nowNs += LOOK_NS;
            lead.turn(nowNs);
        }
    }
}
