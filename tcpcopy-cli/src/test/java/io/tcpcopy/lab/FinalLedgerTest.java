package io.tcpcopy.lab;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.session.ledger.DropReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every scenario relies on this to notice a ledger that does not balance. */
class FinalLedgerTest {
    private static FinalLedger ledger(int waiting, String reason) {
        return FinalLedger.parse(String.join(
                "\n",
                "ledger bytes captured:10,delivered:7,waiting:" + waiting + ",dropped:3",
                "ledger requests captured:2,delivered:1,waiting:0,dropped:1",
                "ledger dropped " + reason + " bytes:3,requests:1"));
    }

    @ParameterizedTest
    @EnumSource
    void everyReasonCounts(DropReason reason) {
        assertThatCode(ledger(0, reason.text())::assertBalances).doesNotThrowAnyException();
    }

    @Test
    void bytesThatWaitAfterTheEndAreAFault() {
        assertThatThrownBy(ledger(1, "duplicate")::assertBalances).isInstanceOf(AssertionError.class);
    }
}
