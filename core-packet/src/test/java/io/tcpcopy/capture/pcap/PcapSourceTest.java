package io.tcpcopy.capture.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureException.Reason;
import io.tcpcopy.capture.Frames;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.SourceLostException;
import io.tcpcopy.net.PrivateNetwork;
import io.tcpcopy.packet.CapturedPacket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcap4j.core.PcapHandle;

class PcapSourceTest {
    private static final int LIMIT = 256;
    private static final long DEADLINE_NS = TimeUnit.SECONDS.toNanos(10);

    /** Ids of the packets that were handed over. */
    private final List<Integer> ids = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void handsOverWhatArrives(boolean immediate) throws Exception {
        onLink((here, there) -> {
            try (PcapSource source = PcapSource.open(settings("here", "", true, immediate))) {
                there.sendPacket(Frames.ipv4(1, 100));
                there.sendPacket(Frames.taggedIpv4(2, 200));
                pollUntil(source, 2);

                assertThat(ids).containsExactly(1, 2);
            }
        });
    }

    @Test
    void givesLengthAndTimeOfAPacket() throws Exception {
        onLink((here, there) -> {
            try (PcapSource source = PcapSource.open(settings("here", "", true, false))) {
                List<Long> arrivals = new ArrayList<>();
                List<Integer> lengths = new ArrayList<>();
                long before = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
                there.sendPacket(Frames.ipv4(1, 1234));
                until(() -> source.poll(
                                packet -> {
                                    arrivals.add(packet.arrivalNs());
                                    lengths.add(packet.length());
                                },
                                LIMIT)
                        == 1);

                assertThat(lengths).containsExactly(1234);
                assertThat(arrivals.get(0)).isBetween(before, before + DEADLINE_NS);
            }
        });
    }

    @Test
    void capturesOnAllDevices() throws Exception {
        onLink((here, there) -> {
            try (PcapSource source = PcapSource.open(settings(PcapSettings.ANY, "", true, false))) {
                here.sendPacket(Frames.ipv4(1, 100));
                there.sendPacket(Frames.ipv4(2, 100));
                pollUntil(source, 2);

                assertThat(ids).containsExactly(1, 2);
            }
        });
    }

    @Test
    void leavesOutWhatThisHostSendsWhenAskedTo() throws Exception {
        onLink((here, there) -> {
            try (PcapSource inbound = PcapSource.open(settings("here", "", true, false));
                    PcapSource both = PcapSource.open(settings("here", "", false, false))) {
                here.sendPacket(Frames.ipv4(1, 100));
                there.sendPacket(Frames.ipv4(2, 100));
                pollUntil(inbound, 1);
                assertThat(ids).containsExactly(2);

                ids.clear();
                pollUntil(both, 2);
                assertThat(ids).containsExactly(1, 2);
            }
        });
    }

    /** Each packet is seen twice: where it leaves, and where it arrives. */
    @Test
    void tellsOnAllDevicesWhichWayAPacketWent() throws Exception {
        onLink((here, there) -> {
            try (PcapSource source = PcapSource.open(settings(PcapSettings.ANY, "", false, false))) {
                here.sendPacket(Frames.ipv4(1, 100));
                there.sendPacket(Frames.ipv4(2, 100));

                assertThat(directions(source, 4))
                        .containsExactlyInAnyOrder("1 OUTBOUND", "1 INBOUND", "2 OUTBOUND", "2 INBOUND");
            }
        });
    }

    @Test
    void tellsOnOneDeviceWhichWayAPacketWentOnlyWhereAllGoOneWay() throws Exception {
        onLink((here, there) -> {
            try (PcapSource inbound = PcapSource.open(settings("here", "", true, false));
                    PcapSource both = PcapSource.open(settings("here", "", false, false))) {
                here.sendPacket(Frames.ipv4(1, 100));
                there.sendPacket(Frames.ipv4(2, 100));

                assertThat(directions(inbound, 1)).containsExactly("2 INBOUND");
                assertThat(directions(both, 2)).containsExactly("1 UNKNOWN", "2 UNKNOWN");
            }
        });
    }

    private static List<String> directions(PcapSource source, int expected) throws Exception {
        List<String> directions = new ArrayList<>();
        until(() -> {
            source.poll(packet -> directions.add(id(packet) + " " + packet.direction()), LIMIT);
            return directions.size() >= expected;
        });
        return directions;
    }

    @Test
    void handsOverOnlyWhatTheFilterTakes() throws Exception {
        onLink((here, there) -> {
            try (PcapSource source = PcapSource.open(settings("here", "ip[4:2] = 3", true, false))) {
                there.sendPacket(Frames.ipv4(2, 100));
                there.sendPacket(Frames.ipv4(3, 100));
                pollUntil(source, 1);

                assertThat(ids).containsExactly(3);
            }
        });
    }

    @Test
    void countsWhatIsNotIpv4() throws Exception {
        onLink((here, there) -> {
            try (PcapSource source = PcapSource.open(settings("here", "", true, false))) {
                there.sendPacket(Frames.arp());
                there.sendPacket(Frames.ipv4(1, 100));
                pollUntil(source, 2);

                assertThat(ids).containsExactly(1);
                assertThat(source.notIpv4()).isOne();
            }
        });
    }

    @Test
    void handsOverNoMorePacketsAtOnceThanAskedForAndLosesNone() throws Exception {
        onLink((here, there) -> {
            try (PcapSource source = PcapSource.open(settings("here", "", true, false))) {
                for (int id = 1; id <= 10; id++) {
                    there.sendPacket(Frames.ipv4(id, 100));
                }
                until(() -> {
                    assertThat(source.poll(this::note, 3)).isLessThanOrEqualTo(3);
                    return ids.size() == 10;
                });

                assertThat(ids).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
            }
        });
    }

    @Test
    void countsWhatTheKernelDrops() throws Exception {
        onLink((here, there) -> {
            int fewPackets = 262144;
            PcapSettings settings = new PcapSettings("here", "", true, 65600, fewPackets, true);
            int sent = 100;
            try (PcapSource source = PcapSource.open(settings)) {
                for (int id = 1; id <= sent; id++) {
                    there.sendPacket(Frames.ipv4(id, 100));
                }
                until(() -> {
                    source.poll(this::note, LIMIT);
                    // At least: what hosts say by themselves on a new link may be among them.
                    return ids.size() + source.kernelDrops() >= sent;
                });

                assertThat(source.kernelDrops()).isPositive();
            }
        });
    }

    @Test
    void isLostWithItsDeviceAndComesBackWithIt() throws Exception {
        onLink((here, there) -> {
            try (PcapSource source = PcapSource.open(settings("here", "", true, false))) {
                PrivateNetwork.ip("link del here");
                assertThat(isLost(source)).isTrue();
                assertThat(source.reopen()).isFalse();

                connect();
                until(source::reopen);
                try (PcapHandle newThere = new PcapHandle.Builder("there").build()) {
                    newThere.sendPacket(Frames.ipv4(1, 100));
                    pollUntil(source, 1);
                }

                assertThat(ids).containsExactly(1);
            }
        });
    }

    @Test
    void givesNothingOnceItIsClosed() throws Exception {
        onLink((here, there) -> {
            PcapSource source = PcapSource.open(settings("here", "", true, false));
            there.sendPacket(Frames.ipv4(1, 100));
            source.close();

            assertThat(source.descriptor()).isEqualTo(PacketSource.CLOSED);
            assertThat(isLost(source)).isTrue();
        });
    }

    @Test
    void hasNoDescriptorWhileItsDeviceIsGone() throws Exception {
        onLink((here, there) -> {
            try (PcapSource source = PcapSource.open(settings("here", "", true, false))) {
                PrivateNetwork.ip("link del here");
                assertThat(source.reopen()).isFalse();

                assertThat(source.descriptor()).isEqualTo(PacketSource.CLOSED);
                assertThat(isLost(source)).isTrue();
            }
        });
    }

    @Test
    void aHandlerMayCloseIt() throws Exception {
        onLink((here, there) -> {
            PcapSource source = PcapSource.open(settings("here", "", true, false));
            for (int id = 1; id <= 3; id++) {
                there.sendPacket(Frames.ipv4(id, 100));
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
    void isLostWhenItsDeviceVanishesWhileItIsDown() throws Exception {
        onLink((here, there) -> {
            try (PcapSource source = PcapSource.open(settings("here", "", true, false))) {
                PrivateNetwork.ip("link set here down");
                boolean lostBefore = isLost(source);
                PrivateNetwork.ip("link del here");

                assertThat(lostBefore || isLost(source)).isTrue();
            }
        });
    }

    @Test
    void outlivesADeviceThatGoesDownForAWhile() throws Exception {
        onLink((here, there) -> {
            try (PcapSource source = PcapSource.open(settings("here", "", true, false))) {
                PrivateNetwork.ip("link set here down");
                // Releases of libpcap differ in whether this is an error.
                boolean lost = isLost(source);
                PrivateNetwork.ip("link set here up");
                if (lost) {
                    until(source::reopen);
                }
                until(() -> {
                    there.sendPacket(Frames.ipv4(1, 100));
                    return source.poll(this::note, LIMIT) > 0;
                });

                assertThat(ids).contains(1);
            }
        });
    }

    @Test
    void doesNotMindThatADeviceVanishesWhenItCapturesOnAll() throws Exception {
        onLink((here, there) -> {
            PrivateNetwork.ip("link add other type veth peer name another");
            try (PcapSource source = PcapSource.open(settings(PcapSettings.ANY, "", true, false))) {
                PrivateNetwork.ip("link del other");
                there.sendPacket(Frames.ipv4(1, 100));
                pollUntil(source, 1);

                assertThat(ids).containsExactly(1);
            }
        });
    }

    @Test
    void throwsWhatTheHandlerThrowsAndGoesOnAfterwards() throws Exception {
        onLink((here, there) -> {
            try (PcapSource source = PcapSource.open(settings("here", "", true, false))) {
                there.sendPacket(Frames.ipv4(1, 100));
                assertThatThrownBy(() -> until(() -> source.poll(PcapSourceTest::fail, LIMIT) > 0))
                        .hasMessage("broken handler");

                there.sendPacket(Frames.ipv4(2, 100));
                pollUntil(source, 1);
                assertThat(ids).containsExactly(2);
            }
        });
    }

    @Test
    void saysThatADeviceIsUnknown() throws Exception {
        onLink((here, there) -> assertThatThrownBy(() -> PcapSource.open(settings("nowhere", "", true, false)))
                .hasMessage("there is no device nowhere")
                .asInstanceOf(InstanceOfAssertFactories.type(CaptureException.class))
                .extracting(CaptureException::reason)
                .isEqualTo(Reason.UNUSABLE_DEVICE));
    }

    @Test
    void saysThatADeviceIsDown() throws Exception {
        onLink((here, there) -> {
            PrivateNetwork.ip("link set here down");

            assertThatThrownBy(() -> PcapSource.open(settings("here", "", true, false)))
                    .hasMessage("the device here is down");
        });
    }

    @Test
    void saysWhatIsWrongWithAFilter() throws Exception {
        onLink((here, there) -> assertThatThrownBy(() -> PcapSource.open(settings("here", "port", true, false)))
                .hasMessageContaining("syntax error")
                .asInstanceOf(InstanceOfAssertFactories.type(CaptureException.class))
                .extracting(CaptureException::reason)
                .isEqualTo(Reason.INVALID_FILTER));
    }

    private static PcapSettings settings(String device, String filter, boolean inboundOnly, boolean immediate) {
        // Neighbour discovery of IPv6 would mix with the test's own packets.
        String ours = filter.isEmpty() ? "not ip6" : "not ip6 and " + filter;
        return new PcapSettings(device, ours, inboundOnly, 65600, 4 << 20, immediate);
    }

    /** What a test does with the two ends of a link. */
    private interface Body {
        void run(PcapHandle here, PcapHandle there) throws Exception;
    }

    private static void onLink(Body body) throws Exception {
        PrivateNetwork.run(() -> {
            connect();
            try (PcapHandle here = new PcapHandle.Builder("here").build();
                    PcapHandle there = new PcapHandle.Builder("there").build()) {
                body.run(here, there);
            }
        });
    }

    private static void connect() throws Exception {
        PrivateNetwork.ip("link add here type veth peer name there");
        PrivateNetwork.ip("link set here up");
        PrivateNetwork.ip("link set there up");
    }

    private static boolean isLost(PcapSource source) {
        try {
            source.poll(packet -> {}, LIMIT);
            return false;
        } catch (SourceLostException e) {
            return true;
        }
    }

    private static void fail(CapturedPacket packet) {
        throw new IllegalStateException("broken handler");
    }

    private void note(CapturedPacket packet) {
        ids.add(id(packet));
    }

    private static int id(CapturedPacket packet) {
        return packet.buffer().getShort(packet.offset() + 4) & 0xFFFF;
    }

    private void pollUntil(PcapSource source, int expected) throws Exception {
        int[] captured = {0};
        until(() -> {
            captured[0] += source.poll(this::note, LIMIT);
            return captured[0] >= expected;
        });
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void until(Condition condition) throws Exception {
        long start = System.nanoTime();
        while (!condition.holds()) {
            assertThat(System.nanoTime() - start).as("time").isLessThan(DEADLINE_NS);
            Thread.onSpinWait();
        }
    }
}
