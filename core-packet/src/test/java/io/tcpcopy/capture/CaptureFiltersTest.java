package io.tcpcopy.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.capture.CaptureException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureFiltersTest {
    @Test
    void acceptsWhatLibpcapUnderstands() {
        assertThatCode(() -> CaptureFilters.check("tcp and dst port 80", CaptureSettings.ANY))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAFilterWithLibpcapsWords() {
        assertThatThrownBy(() -> CaptureFilters.check("tcp and and", CaptureSettings.ANY))
                .hasMessageContaining("syntax error")
                .asInstanceOf(InstanceOfAssertFactories.type(CaptureException.class))
                .extracting(CaptureException::reason)
                .isEqualTo(Reason.INVALID_FILTER);
    }

    @Test
    void checksAgainstTheLinkLayerOfTheDevice() {
        String onEthernetOnly = "ether src 02:00:00:00:00:01";

        assertThatCode(() -> CaptureFilters.check(onEthernetOnly, "eth0")).doesNotThrowAnyException();
        assertThatThrownBy(() -> CaptureFilters.check(onEthernetOnly, CaptureSettings.ANY))
                .isInstanceOf(CaptureException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp",
                "tcp and (dst port 80 or dst portrange 8000-8099) and not src net 10.0.0.0/8",
                "udp port 53",
                "tcp[tcpflags] & tcp-syn != 0 or ip[8] < 5"
            })
    void filterOfIpAndAboveMeansTheSameWithoutLinkHeader(String filter) {
        assertThat(CaptureFilters.isForIp(filter)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ether src 02:00:00:00:00:01",
                "tcp and ether[6] & 1 = 0",
                "link[0] == 1",
                "vlan 7 and tcp",
                "tcp and vlan",
                "inbound and tcp",
                "outbound",
                "less 100",
                "tcp and greater 100",
                "len > 100",
                "tcp and and"
            })
    void filterOfWhatIsInFrontOfIpIsForLibpcapAlone(String filter) {
        assertThat(CaptureFilters.isForIp(filter)).isFalse();
    }

    @Test
    void instructionsKeepNoMoreThanWasAskedFor() throws CaptureException {
        byte[] program = CaptureFilters.compileForIp("", 120);

        // BPF_RET | BPF_K: the one instruction that takes packets.
        assertThat(ByteBuffer.wrap(program).order(ByteOrder.nativeOrder()).getShort())
                .isEqualTo((short) 6);
        assertThat(ByteBuffer.wrap(program).order(ByteOrder.nativeOrder()).getInt(4))
                .isEqualTo(120);
    }
}
