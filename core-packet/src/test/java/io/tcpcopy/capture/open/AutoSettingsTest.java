package io.tcpcopy.capture.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.pcap.PcapSettings;
import io.tcpcopy.capture.ring.RingSettings;
import io.tcpcopy.net.PrivateNetwork;
import io.tcpcopy.options.BadInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class AutoSettingsTest {
    private static final int FRAME_BYTES = 1024;
    /** Frames must fill a block of the ring. */
    private static final int IMPOSSIBLE_FRAME_BYTES = 1000;

    private static final int BYTES = 1 << 20;

    @Test
    void takesTheRing() throws Exception {
        PrivateNetwork.run(() -> {
            try (PacketSource source = auto("any", "tcp port 80", FRAME_BYTES).open()) {
                assertThat(source.description()).isEqualTo("any (ring, which holds 34 ms of 30000 packets a second)");
            }
        });
    }

    @Test
    void takesLibpcapForAFilterOfLinkHeaders() throws Exception {
        PrivateNetwork.run(() -> {
            PrivateNetwork.ip("link set lo up");
            try (PacketSource source =
                    auto("lo", "ether src 02:00:00:00:00:01", FRAME_BYTES).open()) {
                assertThat(source.description()).isEqualTo("lo (libpcap, which holds 4 ms)");
            }
        });
    }

    @Test
    void takesLibpcapWhereTheKernelGivesNoRing() throws Exception {
        PrivateNetwork.run(() -> {
            try (PacketSource source =
                    auto("any", "tcp", IMPOSSIBLE_FRAME_BYTES).open()) {
                assertThat(source.description()).isEqualTo("any (libpcap, which holds 4 ms)");
            }
        });
    }

    @Test
    void whatKeepsLibpcapFromCapturingAsWellIsSaidAtOnce() throws Exception {
        PrivateNetwork.run(() -> assertThatThrownBy(auto("nothing", "tcp", FRAME_BYTES)::open)
                .isInstanceOf(CaptureException.class)
                .hasMessage("there is no device nothing"));
    }

    @Test
    void ringThatWasAskedForAndCannotBeIsAWrongOption() throws Exception {
        PrivateNetwork.run(() -> assertThatThrownBy(
                        () -> CaptureOpener.open(List.of(ring("any", "tcp", IMPOSSIBLE_FRAME_BYTES))))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option --capture: \"ring\": the kernel gives no ring: Invalid argument"));
    }

    private static AutoSettings auto(String device, String filter, int frameBytes) {
        return new AutoSettings(
                ring(device, filter, frameBytes), new PcapSettings(device, "", false, 65600, BYTES, false));
    }

    private static RingSettings ring(String device, String filter, int frameBytes) {
        return new RingSettings(device, filter, "", 65600, frameBytes, BYTES, BYTES, false);
    }
}
