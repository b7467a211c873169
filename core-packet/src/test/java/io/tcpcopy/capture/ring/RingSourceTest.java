package io.tcpcopy.capture.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.Frames;
import io.tcpcopy.capture.IpSourceContract;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.net.PrivateNetwork;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RingSourceTest extends IpSourceContract {
    private static final int FRAME_SIZE = 1024;
    private static final int QUEUE_BYTES = 4 << 20;

    @Override
    protected PacketSource open(String device, String filter, int snapshotLength, int bufferBytes)
            throws CaptureException {
        String tcp = filter.isEmpty() ? "tcp" : filter;
        return new RingSettings(device, tcp, "", snapshotLength, FRAME_SIZE, bufferBytes, QUEUE_BYTES).open();
    }

    @Override
    protected int fewBytes() {
        return 64 << 10;
    }

    @Test
    void handsOverPacketsForOtherHosts() throws Exception {
        onLink(there -> {
            try (PacketSource source = all("")) {
                PrivateNetwork.ip("addr del 10.0.0.2/24 dev here");
                there.sendPacket(Frames.tcp(1, 100));
                pollUntil(source, 1);

                assertThat(ids).containsExactly(1);
            }
        });
    }

    @Test
    void packetsThatAreLongerThanAFrameComeWholeAndInOrder() throws Exception {
        onLink(there -> {
            try (PacketSource source = all("")) {
                List<Integer> lengths = new ArrayList<>();
                there.sendPacket(Frames.tcp(1, 1400));
                there.sendPacket(Frames.tcp(2, 100));
                there.sendPacket(Frames.tcp(3, 1500));
                until(() -> {
                    source.poll(
                            packet -> {
                                note(packet);
                                lengths.add(packet.length());
                            },
                            LIMIT);
                    return ids.size() == 3;
                });

                assertThat(ids).containsExactly(1, 2, 3);
                assertThat(lengths).containsExactly(1400, 100, 1500);
            }
        });
    }

    /** What goes to the other end of the link leaves this host on one device and comes in on the other. */
    @Test
    void takesOfWhatThisHostSendsWhatIsAskedForAlone() throws Exception {
        onLink(there -> {
            try (PacketSource some = withOutgoing("dst host 10.0.0.7");
                    PacketSource all = withOutgoing("dst host 10.0.0.2")) {
                there.sendPacket(Frames.tcp(1, 100));
                pollUntil(all, 2);
                assertThat(ids).containsExactly(1, 1);

                ids.clear();
                pollUntil(some, 1);
                some.poll(this::note, LIMIT);
                assertThat(ids).containsExactly(1);
            }
        });
    }

    private static PacketSource withOutgoing(String outgoing) throws CaptureException {
        return new RingSettings("any", "tcp", outgoing, LONGEST, FRAME_SIZE, BUFFER_BYTES, QUEUE_BYTES).open();
    }
}
