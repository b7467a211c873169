package io.tcpcopy.capture.pcap;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureException.Reason;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class PcapFilterTest {
    @Test
    void acceptsWhatLibpcapUnderstands() {
        assertThatCode(() -> PcapFilter.check("tcp and dst port 80", PcapSettings.ANY))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAFilterWithLibpcapsWords() {
        assertThatThrownBy(() -> PcapFilter.check("tcp and and", PcapSettings.ANY))
                .hasMessageContaining("syntax error")
                .asInstanceOf(InstanceOfAssertFactories.type(CaptureException.class))
                .extracting(CaptureException::reason)
                .isEqualTo(Reason.INVALID_FILTER);
    }

    @Test
    void checksAgainstTheLinkLayerOfTheDevice() {
        String onEthernetOnly = "ether src 02:00:00:00:00:01";

        assertThatCode(() -> PcapFilter.check(onEthernetOnly, "eth0")).doesNotThrowAnyException();
        assertThatThrownBy(() -> PcapFilter.check(onEthernetOnly, PcapSettings.ANY))
                .isInstanceOf(CaptureException.class);
    }
}
