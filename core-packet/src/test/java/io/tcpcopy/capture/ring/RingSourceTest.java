package io.tcpcopy.capture.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.Frames;
import io.tcpcopy.capture.IpSourceContract;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.SourceLostException;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.net.PrivateNetwork;
import io.tcpcopy.net.SocketAddress;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RingSourceTest extends IpSourceContract {
    private static final int FRAME_SIZE = 1024;
    private static final int QUEUE_BYTES = 4 << 20;
    private static final int SNAPSHOT_LENGTH = 65536;
    private static final int RING_BYTES = 4 << 20;
    private static final int IPPROTO_UDP = 17;
    /** {@code linux/udp.h}. */
    private static final int UDP_SEGMENT = 103;

    @Override
    protected PacketSource open(String device, String filter, int snapshotLength, int bufferBytes)
            throws CaptureException {
        String tcp = filter.isEmpty() ? "tcp" : filter;
        return new RingSettings(device, tcp, "", snapshotLength, FRAME_SIZE, bufferBytes, QUEUE_BYTES, false).open();
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

    @Test
    void cutsWhatIsLongerThanAFrameToTheSnapshotLengthAsWell() throws Exception {
        onLink(there -> {
            try (PacketSource source = open("any", "tcp", 1100, BUFFER_BYTES)) {
                List<String> lengths = new ArrayList<>();
                there.sendPacket(Frames.tcp(1, 1400));
                there.sendPacket(Frames.tcp(2, 1050));
                until(() -> {
                    source.poll(packet -> lengths.add(packet.length() + "/" + packet.wireLength()), LIMIT);
                    return lengths.size() == 2;
                });

                assertThat(lengths).containsExactly("1100/1400", "1050/1050");
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
        return new RingSettings("any", "tcp", outgoing, LONGEST, FRAME_SIZE, BUFFER_BYTES, QUEUE_BYTES, false).open();
    }

    /** The kernel says that the device went down in front of the packet that waits. */
    @Test
    void longPacketsStayInOrderWhenTheirDeviceGoesDownAndUp() throws Exception {
        onLink(there -> {
            try (PacketSource source = open("here", "", SNAPSHOT_LENGTH, RING_BYTES)) {
                there.sendPacket(Frames.tcp(1, 1400));
                there.sendPacket(Frames.tcp(2, 1400));
                PrivateNetwork.ip("link set here down");
                PrivateNetwork.ip("link set here up");
                pollUntil(source, 2);

                assertThat(ids).containsExactly(1, 2);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 1400})
    void noticesThatItsDeviceIsRemovedWhileAPacketWaits(int length) throws Exception {
        onLink(there -> {
            try (PacketSource source = open("here", "", SNAPSHOT_LENGTH, RING_BYTES)) {
                there.sendPacket(Frames.tcp(1, length));
                PrivateNetwork.ip("link del here");

                assertThatThrownBy(() -> until(() -> {
                            source.poll(this::note, LIMIT);
                            return false;
                        }))
                        .isInstanceOf(SourceLostException.class);
                assertThat(ids).containsExactly(1);
            }
        });
    }

    /** A sender hands several datagrams to its kernel at once, which are one packet until a device takes them apart. */
    @Test
    void tellsTheSizeOfMergedDatagramsBehindLinkHeadersOfAnyLength() throws Exception {
        onLink(there -> {
            PrivateNetwork.ip("link set lo up");
            PrivateNetwork.ip("addr add 10.0.0.1/24 dev there");
            PrivateNetwork.ip("neigh add 10.0.0.7 lladdr 02:00:00:00:00:07 dev there");
            List<String> seen = new ArrayList<>();
            try (PacketSource source = new RingSettings(
                            "any",
                            "udp dst port 5353 and (dst host 10.0.0.7 or dst host 127.0.0.1)",
                            "",
                            LONGEST,
                            FRAME_SIZE,
                            BUFFER_BYTES,
                            QUEUE_BYTES,
                            true)
                    .open()) {
                sendMerged(new Endpoint(Address.parse("10.0.0.7").orElseThrow(), 5353), "there", 250, 100);
                sendMerged(new Endpoint(Address.parse("10.0.0.7").orElseThrow(), 5353), "there", 3000, 1200);
                sendMerged(new Endpoint(Address.LOOPBACK, 5353), "lo", 250, 100);
                until(() -> {
                    source.poll(packet -> seen.add(packet.segmentSize() + "/" + packet.length()), LIMIT);
                    return seen.size() >= 3;
                });

                assertThat(seen).containsExactly("100/278", "1200/3028", "100/278");
            }
        });
    }

    private static void sendMerged(Endpoint to, String device, int bytes, int segmentSize) {
        int fd = Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
        assertThat(Libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_BINDTODEVICE, device.getBytes()))
                .isZero();
        assertThat(Libc.setOption(fd, IPPROTO_UDP, UDP_SEGMENT, segmentSize)).isZero();
        assertThat(Libc.connect(fd, SocketAddress.ipv4(to))).isZero();
        NativeMemory payload = NativeMemory.allocate(bytes, ByteOrder.BIG_ENDIAN);
        assertThat(Libc.send(fd, payload.address(0, bytes), bytes, 0)).isEqualTo(bytes);
        Libc.close(fd);
    }
}
