package io.tcpcopy.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.tcpcopy.capture.CaptureException.Reason;
import io.tcpcopy.net.PrivateNetwork;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.Direction;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.pcap4j.core.PcapHandle;

/** What a source does whose packets begin with the IP header, whatever its kind. */
public abstract class IpSourceContract {
    protected static final int LIMIT = 256;
    protected static final int LONGEST = 65600;
    protected static final int BUFFER_BYTES = 4 << 20;
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(10);

    /** Ids of the packets that were handed over. */
    protected final List<Integer> ids = new ArrayList<>();

    @Test
    void handsOverTcpPacketsThatThisHostTakes() throws Exception {
        onLink(there -> {
            try (PacketSource source = all("")) {
                there.sendPacket(Frames.tcp(1, 100));
                there.sendPacket(Frames.ipv4(2, 100));
                there.sendPacket(Frames.taggedIpv4(3, 100));
                there.sendPacket(Frames.tcp(4, 100));
                pollUntil(source, 2);

                assertThat(ids).containsExactly(1, 4);
            }
        });
    }

    @Test
    void givesLengthTimeAndDirectionOfAPacket() throws Exception {
        onLink(there -> {
            try (PacketSource source = all("")) {
                List<Integer> lengths = new ArrayList<>();
                long[] arrival = {0};
                long start = wallClockNs();
                // The time is that of the arrival, and not that of the reading; but the kernel takes a moment to begin.
                until(() -> {
                    there.sendPacket(Frames.tcp(1, 1234));
                    long pause = wallClockNs() + TimeUnit.MILLISECONDS.toNanos(2);
                    until(() -> wallClockNs() > pause);
                    source.poll(
                            packet -> {
                                arrival[0] = packet.arrivalNs();
                                assertThat(packet.direction()).isEqualTo(Direction.INBOUND);
                                lengths.add(packet.length());
                                lengths.add(packet.wireLength());
                            },
                            LIMIT);
                    return arrival[0] > 0 && arrival[0] < pause;
                });

                assertThat(lengths).containsOnly(1234);
                assertThat(arrival[0]).isGreaterThanOrEqualTo(start);
            }
        });
    }

    private static long wallClockNs() {
        return TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    }

    @Test
    void cutsToTheSnapshotLengthAndTellsTheWholeOne() throws Exception {
        onLink(there -> {
            try (PacketSource source = open("any", "tcp", 128, BUFFER_BYTES)) {
                List<Integer> lengths = new ArrayList<>();
                there.sendPacket(Frames.tcp(1, 1000));
                there.sendPacket(Frames.tcp(2, 100));
                until(() -> {
                    source.poll(
                            packet -> {
                                note(packet);
                                lengths.add(packet.length());
                                lengths.add(packet.wireLength());
                            },
                            LIMIT);
                    return ids.size() == 2;
                });

                assertThat(ids).containsExactly(1, 2);
                assertThat(lengths).containsExactly(128, 1000, 100, 100);
            }
        });
    }

    @Test
    void handsOverOnlyWhatTheFilterTakes() throws Exception {
        onLink(there -> {
            try (PacketSource source = all("tcp and dst host 10.0.0.2 and ip[4:2] = 3")) {
                there.sendPacket(Frames.tcp(2, 100));
                there.sendPacket(Frames.tcp(3, 100));
                pollUntil(source, 1);

                assertThat(ids).containsExactly(3);
            }
        });
    }

    @Test
    void takesWhatComesInOnItsDeviceAlone() throws Exception {
        onLink(there -> {
            PrivateNetwork.ip("link add other type veth peer name another");
            PrivateNetwork.ip("link set other up");
            PrivateNetwork.ip("link set another up");
            try (PacketSource source = on("here");
                    PcapHandle another = new PcapHandle.Builder("another").build()) {
                another.sendPacket(Frames.tcp(1, 100));
                there.sendPacket(Frames.tcp(2, 100));
                pollUntil(source, 1);

                assertThat(ids).containsExactly(2);
            }
        });
    }

    @Test
    void handsOverNoMorePacketsAtOnceThanAskedForAndLosesNone() throws Exception {
        onLink(there -> {
            try (PacketSource source = all("")) {
                int sent = 100;
                for (int id = 0; id < sent; id++) {
                    there.sendPacket(Frames.tcp(id, 100));
                }
                until(() -> {
                    assertThat(source.poll(this::note, 37)).isLessThanOrEqualTo(37);
                    return ids.size() == sent;
                });

                assertThat(ids).isSorted().doesNotHaveDuplicates();
            }
        });
    }

    @Test
    void countsWhatTheKernelDrops() throws Exception {
        onLink(there -> {
            int sent = 100;
            try (PacketSource source = open("any", "", LONGEST, fewBytes())) {
                for (int id = 1; id <= sent; id++) {
                    there.sendPacket(Frames.tcp(id, 100));
                }
                until(() -> {
                    source.poll(this::note, LIMIT);
                    return ids.size() + source.kernelDrops() == sent;
                });

                assertThat(source.kernelDrops()).isPositive();
                long drops = source.kernelDrops();
                assertThat(source.reopen()).isTrue();
                assertThat(source.kernelDrops()).isEqualTo(drops);
            }
        });
    }

    @Test
    void isLostWithItsDeviceAndComesBackWithIt() throws Exception {
        onLink(there -> {
            try (PacketSource source = on("here")) {
                PrivateNetwork.ip("link del here");
                assertThatThrownBy(() -> source.poll(this::note, LIMIT))
                        .isInstanceOf(SourceLostException.class)
                        .hasMessage("the device here is gone");
                assertThat(source.reopen()).isFalse();

                connect();
                assertThat(source.reopen()).isTrue();
                try (PcapHandle newThere = new PcapHandle.Builder("there").build()) {
                    newThere.sendPacket(Frames.tcp(1, 100));
                    pollUntil(source, 1);
                }

                assertThat(ids).containsExactly(1);
            }
        });
    }

    @Test
    void isLostWithADeviceThatWasDownBefore() throws Exception {
        onLink(there -> {
            try (PacketSource source = on("here")) {
                PrivateNetwork.ip("link set here down");
                assertThat(source.poll(this::note, LIMIT)).isZero();
                assertThat(source.poll(this::note, LIMIT)).isZero();

                PrivateNetwork.ip("link del here");

                assertThatThrownBy(() -> source.poll(this::note, LIMIT))
                        .isInstanceOf(SourceLostException.class)
                        .hasMessage("the device here is gone");
            }
        });
    }

    @Test
    void outlivesThatItsDeviceIsDownForAWhile() throws Exception {
        onLink(there -> {
            try (PacketSource source = on("here")) {
                PrivateNetwork.ip("link set here down");
                assertThat(source.poll(this::note, LIMIT)).isZero();
                PrivateNetwork.ip("link set here up");
                assertThat(source.poll(this::note, LIMIT)).isZero();

                there.sendPacket(Frames.tcp(1, 100));
                pollUntil(source, 1);

                assertThat(ids).containsExactly(1);
            }
        });
    }

    @Test
    void givesNothingOnceItIsClosed() throws Exception {
        onLink(there -> {
            PacketSource source = on("here");
            PrivateNetwork.ip("link del here");
            assertThat(source.reopen()).isFalse();

            assertThat(source.descriptor()).isEqualTo(PacketSource.CLOSED);
            assertThatThrownBy(() -> source.poll(this::note, LIMIT))
                    .isInstanceOf(SourceLostException.class)
                    .hasMessage("the capture on here is closed");
        });
    }

    @Test
    void aHandlerMayCloseIt() throws Exception {
        onLink(there -> {
            PacketSource source = all("");
            for (int id = 1; id <= 3; id++) {
                there.sendPacket(Frames.tcp(id, 100));
            }

            until(() -> {
                source.poll(
                        packet -> {
                            note(packet);
                            source.close();
                        },
                        LIMIT);
                return !ids.isEmpty();
            });

            assertThat(ids).containsExactly(1);
        });
    }

    @Test
    void throwsWhatTheHandlerThrowsOnceAllAreHandedOver() throws Exception {
        onLink(there -> {
            try (PacketSource source = all("")) {
                there.sendPacket(Frames.tcp(1, 100));
                there.sendPacket(Frames.tcp(2, 100));

                assertThatThrownBy(() -> until(() -> {
                            source.poll(this::failOnTheFirst, LIMIT);
                            return false;
                        }))
                        .hasMessage("broken handler");
                until(() -> {
                    source.poll(this::note, LIMIT);
                    return ids.contains(2);
                });
                assertThat(ids).containsExactly(1, 2);
            }
        });
    }

    @Test
    void allocatesNothingForAPacket() throws Exception {
        onLink(there -> {
            try (PacketSource source = all("")) {
                ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
                int[] taken = {0};
                PacketHandler counting = packet -> taken[0]++;
                int rounds = 200;
                long allocated = 0;
                for (int round = 0; round < 2 * rounds; round++) {
                    for (int i = 0; i < 16; i++) {
                        there.sendPacket(Frames.tcp(i, 100));
                    }
                    int expected = taken[0] + 16;
                    long before = threads.getThreadAllocatedBytes(
                            Thread.currentThread().getId());
                    long start = System.nanoTime();
                    while (taken[0] < expected && System.nanoTime() - start < DEADLINE_NS) {
                        source.poll(counting, LIMIT);
                    }
                    long after = threads.getThreadAllocatedBytes(
                            Thread.currentThread().getId());
                    allocated += round < rounds ? 0 : after - before;
                    assertThat(taken[0]).isEqualTo(expected);
                }

                // The measurement itself and the compiler's switch to faster code take a little.
                assertThat(allocated / (rounds * 16)).isLessThan(8);
            }
        });
    }

    @Test
    void saysThatADeviceIsUnknown() throws Exception {
        onLink(there -> {
            for (String device : new String[] {"nowhere", "here-with-a-name-that-is-too-long"}) {
                assertThatThrownBy(() -> on(device))
                        .hasMessage("there is no device " + device)
                        .asInstanceOf(InstanceOfAssertFactories.type(CaptureException.class))
                        .extracting(CaptureException::reason)
                        .isEqualTo(Reason.UNUSABLE_DEVICE);
            }
        });
    }

    @Test
    void saysWhatIsWrongWithAFilter() throws Exception {
        onLink(there -> {
            for (String filter : new String[] {"port", "ether broadcast"}) {
                assertThatThrownBy(() -> all(filter))
                        .asInstanceOf(InstanceOfAssertFactories.type(CaptureException.class))
                        .extracting(CaptureException::reason)
                        .isEqualTo(Reason.INVALID_FILTER);
            }
        });
    }

    /** Opens a source of the kind that is tested, for TCP that comes in. */
    protected abstract PacketSource open(String device, String filter, int snapshotLength, int bufferBytes)
            throws CaptureException;

    /** A buffer that has no room for a hundred packets. */
    protected abstract int fewBytes();

    /** Everything on all devices, as far as the filter takes it. */
    protected final PacketSource all(String filter) throws CaptureException {
        return open(CaptureSettings.ANY, filter, LONGEST, BUFFER_BYTES);
    }

    private PacketSource on(String device) throws CaptureException {
        return open(device, "tcp", LONGEST, BUFFER_BYTES);
    }

    /** What a test does with the other end of a link. */
    protected interface Body {
        void run(PcapHandle there) throws Exception;
    }

    protected static void onLink(Body body) throws Exception {
        PrivateNetwork.run(() -> {
            connect();
            try (PcapHandle there = new PcapHandle.Builder("there").build()) {
                body.run(there);
            }
        });
    }

    private static void connect() throws Exception {
        PrivateNetwork.ip("link add here type veth peer name there");
        PrivateNetwork.ip("addr add 10.0.0.2/24 dev here");
        PrivateNetwork.ip("link set here up");
        PrivateNetwork.ip("link set there up");
    }

    private void failOnTheFirst(CapturedPacket packet) {
        note(packet);
        if (ids.size() == 1) {
            throw new IllegalStateException("broken handler");
        }
    }

    protected void note(CapturedPacket packet) {
        ids.add(packet.buffer().getShort(packet.offset() + 4) & 0xFFFF);
    }

    protected void pollUntil(PacketSource source, int expected) throws Exception {
        until(() -> {
            source.poll(this::note, LIMIT);
            return ids.size() >= expected;
        });
    }

    protected interface Condition {
        boolean holds() throws Exception;
    }

    protected static void until(Condition condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.holds()) {
            assertThat(System.nanoTime() - start).as("time").isLessThan(DEADLINE_NS);
            Thread.onSpinWait();
        }
    }
}
