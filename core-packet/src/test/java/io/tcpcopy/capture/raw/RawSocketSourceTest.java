package io.tcpcopy.capture.raw;

import static io.tcpcopy.packet.Ipv4Header.PROTOCOL_TCP;
import static io.tcpcopy.packet.Ipv4Header.PROTOCOL_UDP;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.capture.Frames;
import io.tcpcopy.capture.IpSourceContract;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.net.PrivateNetwork;
import org.junit.jupiter.api.Test;

class RawSocketSourceTest extends IpSourceContract {
    @Override
    protected PacketSource open(String device, String filter, int snapshotLength, int bufferBytes)
            throws CaptureException {
        return new RawSettings(device, PROTOCOL_TCP, filter, snapshotLength, bufferBytes).open();
    }

    @Override
    protected int fewBytes() {
        return 8192;
    }

    @Test
    void handsOverUdpPacketsWhereTheyAreAskedFor() throws Exception {
        onLink(there -> {
            try (PacketSource source =
                    new RawSettings(CaptureSettings.ANY, PROTOCOL_UDP, "udp", LONGEST, BUFFER_BYTES).open()) {
                there.sendPacket(Frames.tcp(1, 100));
                there.sendPacket(Frames.udp(2, 100));
                pollUntil(source, 1);

                assertThat(ids).containsExactly(2);
            }
        });
    }

    @Test
    void leavesOutPacketsForOtherHosts() throws Exception {
        onLink(there -> {
            try (PacketSource source = all("")) {
                PrivateNetwork.ip("addr del 10.0.0.2/24 dev here");
                there.sendPacket(Frames.tcp(1, 100));
                PrivateNetwork.ip("addr add 10.0.0.2/24 dev here");
                there.sendPacket(Frames.tcp(2, 100));
                pollUntil(source, 1);

                assertThat(ids).containsExactly(2);
            }
        });
    }
}
