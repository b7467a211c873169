package io.tcpcopy.session.udp;

import static io.tcpcopy.session.udp.Datagram.CLIENT;
import static io.tcpcopy.session.udp.Datagram.CLIENT_PORT;
import static io.tcpcopy.session.udp.Datagram.HEADERS;
import static io.tcpcopy.session.udp.Datagram.ONLINE;
import static io.tcpcopy.session.udp.Datagram.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.ChecksumState;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.packet.UdpHeader;
import io.tcpcopy.session.Counted;
import io.tcpcopy.session.WireLink;
import io.tcpcopy.session.arrival.ClientDatagram;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UdpCopyTest {
    private static final int TARGET = 0x0A020064;
    private static final int OTHER_TARGET = 0x0A020065;
    private static final int OTHER_CLIENT = 0x0A030001;
    /** The least that -M takes. */
    private static final int MIN_MTU = 576;

    private static final int MTU = 1500;

    private final DatagramReassembly target = new DatagramReassembly(CLIENT_PORT);

    private static Settings.Builder settings() {
        return Settings.of(List.of(new Transfer(Endpoint.ipv4(ONLINE, 53), Endpoint.ipv4(TARGET, 5353))));
    }

    private UdpCopy copy(Settings.Builder settings) {
        return new UdpCopy(settings.build(), target.link());
    }

    private static boolean capture(UdpCopy copy, ByteBuffer packet) {
        boolean taken = copy.admit(Captured.whole(packet));
        if (taken) {
            copy.takeAdmitted(OutgoingPacket.TIME_UNKNOWN);
        }
        return taken;
    }

    private static boolean capture(UdpCopy copy, Datagram datagram) {
        return capture(copy, datagram.packet());
    }

    private void assertRefused(UdpCopy copy, ByteBuffer packet, Verdict verdict) {
        assertThat(capture(copy, packet)).isFalse();
        assertThat(Counted.of(copy, verdict)).isOne();
        assertThat(target.packets()).isZero();
    }

    @Test
    void aDatagramGoesToTheTargetFromItsClient() {
        UdpCopy copy = copy(settings());
        Datagram request = request(100).with(7, true, 61, 0xB8);

        assertThat(capture(copy, request)).isTrue();

        assertThat(target.datagrams()).containsExactly(request.to(TARGET, 5353));
        assertThat(Counted.of(copy, DatagramCounter.SENT)).isOne();
        assertThat(Counted.of(copy, Verdict.TAKEN)).isOne();
    }

    @Test
    void mergedDatagramsAreTakenApart() {
        List<String> payloads = new ArrayList<>();
        UdpCopy copy = new UdpCopy(settings().copies(2).build(), new WireLink((packet, length) -> {
            byte[] payload = new byte[length - HEADERS];
            packet.get(HEADERS, payload);
            payloads.add(HexFormat.of().formatHex(payload));
            assertThat(new UdpHeader().wrap(packet, Ipv4Header.MIN_LENGTH).length())
                    .isEqualTo(length - Ipv4Header.MIN_LENGTH);
        }));
        String whole = HexFormat.of().formatHex(Datagram.payload(CLIENT_PORT, 250));

        assertThat(copy.admit(Captured.whole(request(250).packet()).segmentSize(100)))
                .isTrue();
        copy.takeAdmitted(OutgoingPacket.TIME_UNKNOWN);

        assertThat(payloads)
                .containsExactly(
                        whole.substring(0, 200),
                        whole.substring(0, 200),
                        whole.substring(200, 400),
                        whole.substring(200, 400),
                        whole.substring(400),
                        whole.substring(400));
        assertThat(Counted.of(copy, DatagramCounter.SENT)).isEqualTo(6);
    }

    @Test
    void checksumOfMergedDatagramsIsThatOfNoneOfThem() {
        ByteBuffer packet = request(250).packet();
        new UdpHeader().wrap(packet, Ipv4Header.MIN_LENGTH).checksum(0x1234);
        ClientDatagram client = new ClientDatagram();

        client.parse(Captured.whole(packet).segmentSize(100));
        assertThat(client.checksum(MTU)).isEqualTo(ChecksumState.UNKNOWN);

        client.parse(Captured.whole(packet));
        assertThat(client.checksum(MTU)).isEqualTo(ChecksumState.WRONG);
    }

    @Test
    void noRouterHasAnythingToTellTheClientAndItsCongestionBitsAreCleared() {
        Datagram request = request(100).with(0, true, 1, 0xB9);

        capture(copy(settings()), request);

        assertThat(target.datagrams()).containsExactly(request.to(TARGET, 5353).with(0, false, 64, 0xB8));
    }

    @Test
    void anAdmittedDatagramIsSentWhenItIsTakenAndNotBefore() {
        UdpCopy copy = copy(settings());
        ByteBuffer packet = request(100).packet();

        assertThat(copy.admit(Captured.whole(packet))).isTrue();
        assertThat(target.datagrams()).isEmpty();

        copy.takeAdmitted(OutgoingPacket.TIME_UNKNOWN);
        assertThat(target.datagrams()).hasSize(1);
    }

    @Test
    void aDamagedDatagramIsDroppedWhereTheClientsChecksumsAreRight() {
        UdpCopy copy = copy(settings());
        ByteBuffer damaged = withChecksum(request(100), 1);
        capture(copy, damaged);
        capture(copy, withChecksum(request(100), 0));
        capture(copy, withChecksum(request(100), 0));
        assertThat(target.datagrams()).hasSize(3);

        assertThat(capture(copy, damaged)).isFalse();

        assertThat(Counted.of(copy, Verdict.BAD_CHECKSUM)).isOne();
        assertThat(capture(copy, request(100))).as("without a checksum").isTrue();
    }

    /** As captured, with a checksum that is so far from the right one. */
    private static ByteBuffer withChecksum(Datagram datagram, int distance) {
        ByteBuffer packet = datagram.packet();
        Ipv4Header ip = new Ipv4Header().wrap(packet, 0);
        UdpHeader udp = new UdpHeader().wrap(packet, Ipv4Header.MIN_LENGTH);
        int right = Checksum.udp(packet, ip.source(), ip.destination(), Ipv4Header.MIN_LENGTH, udp.length());
        udp.checksum(right + distance & 0xFFFF);
        return packet;
    }

    @Test
    void aDatagramWithoutPayloadIsCopied() {
        capture(copy(settings()), request(0));

        assertThat(target.datagrams()).containsExactly(request(0).to(TARGET, 5353));
    }

    @Test
    void everyCopyHasAPortOfItsOwnAndAnAddressOfTheList() {
        UdpCopy copy = copy(settings()
                .copies(3)
                .clientAddresses(List.of(Address.ipv4(OTHER_CLIENT), Address.ipv4(OTHER_CLIENT + 1))));

        capture(copy, request(100));

        int second = target.datagrams().get(1).sourcePort();
        assertThat(second).isBetween(CLIENT_PORT + 32, CLIENT_PORT + 32 + 511);
        assertThat(target.datagrams())
                .extracting(Datagram::source)
                .containsExactly(OTHER_CLIENT, OTHER_CLIENT + 1, OTHER_CLIENT);
        assertThat(target.datagrams())
                .extracting(Datagram::sourcePort)
                .containsExactly(CLIENT_PORT, second, second + 64);
        assertThat(Counted.of(copy, DatagramCounter.SENT)).isEqualTo(3);
        assertThat(Counted.of(copy, Verdict.TAKEN)).isOne();
    }

    @Test
    void theFactorShiftsThePort() {
        capture(copy(settings().portShiftFactor(2)), request(100));

        assertThat(target.datagrams())
                .singleElement()
                .extracting(Datagram::sourcePort)
                .satisfies(port -> assertThat((int) port).isBetween(CLIENT_PORT + 4096, CLIENT_PORT + 4096 + 511));
    }

    @Test
    void aCaptureThatBeginsAgainIsReplayedFromOtherPorts() {
        UdpCopy copy = copy(settings().speedUp(1));

        capture(copy, request(100));
        copy.captureEnded();
        assertThat(copy.liveSessions()).isZero();
        copy.captureBeginsAgain();
        capture(copy, request(100));

        assertThat(target.datagrams())
                .extracting(Datagram::sourcePort)
                .containsExactly(CLIENT_PORT, CLIENT_PORT + 1021);
    }

    @Test
    void theFirstTransferThatMatchesCounts() {
        UdpCopy copy = copy(Settings.of(List.of(
                new Transfer(Endpoint.ipv4(ONLINE, 53), Endpoint.ipv4(TARGET, 53)),
                new Transfer(new Endpoint(Address.ANY, 53), Endpoint.ipv4(OTHER_TARGET, 54)),
                new Transfer(Endpoint.ipv4(ONLINE, 53), Endpoint.ipv4(OTHER_TARGET, 55)))));

        capture(copy, request(1));
        capture(copy, request(2).to(ONLINE + 1, 53));

        assertThat(target.datagrams())
                .containsExactly(request(1).to(TARGET, 53), request(2).to(OTHER_TARGET, 54));
    }

    @Test
    void clientsOnThisHostNeedAnAddress() {
        Datagram local = request(1).from(Address.LOOPBACK.bits(), CLIENT_PORT);
        assertRefused(copy(settings()), local.packet(), Verdict.LOOPBACK_CLIENT);

        capture(copy(settings().loopbackClient(Address.ipv4(OTHER_CLIENT))), local);

        assertThat(target.datagrams())
                .containsExactly(local.from(OTHER_CLIENT, CLIENT_PORT).to(TARGET, 5353));
    }

    @Test
    void aPercentageOfTheClientsIsCopied() {
        UdpCopy copy = copy(settings().percentage(50));
        for (int client = 0; client < 1000; client++) {
            capture(copy, request(1).from(CLIENT + client, CLIENT_PORT));
        }

        assertThat(Counted.of(copy, DatagramCounter.SENT)).isBetween(400L, 600L);
        assertThat(Counted.of(copy, Verdict.NOT_SAMPLED)).isEqualTo(1000 - Counted.of(copy, DatagramCounter.SENT));
    }

    @Test
    void thePercentageCanRise() {
        UdpCopy copy = copy(settings().gradually(true));
        long start = TimeUnit.SECONDS.toNanos(500);
        for (int client = 0; client < 1000; client++) {
            copy.turn(start + TimeUnit.SECONDS.toNanos(client < 500 ? 0 : 99));
            capture(copy, request(1).from(CLIENT + client, CLIENT_PORT));
        }

        assertThat(Counted.of(copy, Verdict.NOT_SAMPLED)).isBetween(470L, 500L);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.100, 54, NO_TRANSFER",
        "10.1.0.101, 53, NO_TRANSFER",
        "10.2.0.100, 5353, TO_TARGET",
    })
    void whatGoesElsewhereIsNotTaken(String address, int port, Verdict verdict) {
        Datagram datagram = request(1).to(Address.parse(address).orElseThrow().bits(), port);

        assertRefused(copy(settings()), datagram.packet(), verdict);
    }

    @Test
    void ourOwnOutputIsNotTaken() {
        UdpCopy copy =
                copy(Settings.of(List.of(new Transfer(new Endpoint(Address.ANY, 53), Endpoint.ipv4(TARGET, 53)))));

        assertRefused(copy, request(1).to(TARGET, 53).packet(), Verdict.TO_TARGET);
    }

    @Test
    void fragmentsAreNotTaken() {
        ByteBuffer first = request(100).packet();
        new Ipv4Header().wrap(first, 0).fragment(0, true);

        assertRefused(copy(settings()), first, Verdict.FRAGMENT);
    }

    @Test
    void tcpIsNotTaken() {
        ByteBuffer packet = request(100).packet();
        new Ipv4Header().wrap(packet, 0).protocol(Ipv4Header.PROTOCOL_TCP);

        assertRefused(copy(settings()), packet, Verdict.OTHER_PROTOCOL);
    }

    @Test
    void whatIsCapturedShortIsNotTaken() {
        UdpCopy copy = copy(settings());
        ByteBuffer packet = request(100).packet();

        assertThat(copy.admit(Captured.part(packet, packet.capacity() - 1, packet.capacity())))
                .isFalse();

        assertThat(Counted.of(copy, Verdict.TRUNCATED)).isOne();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 128, MALFORMED", // offloading leaves the length out only in segments that it cuts itself
        "7, 128, MALFORMED",
        "109, 128, MALFORMED",
        "108, 127, MALFORMED",
        "108, 27, MALFORMED",
        "108, 19, MALFORMED",
        "108, 129, TRUNCATED",
        "0, 0, MALFORMED",
    })
    void lengthsMustAgree(int udpLength, int totalLength, Verdict verdict) {
        ByteBuffer packet = request(100).packet();
        new UdpHeader().wrap(packet, Ipv4Header.MIN_LENGTH).length(udpLength);
        new Ipv4Header().wrap(packet, 0).totalLength(totalLength);

        assertRefused(copy(settings()), packet, verdict);
    }

    @Test
    void aDatagramLongerThanAnIpv4PacketCanBeIsNotTaken() {
        ByteBuffer packet = request(Datagram.MAX_PAYLOAD + 1).packet();
        new Ipv4Header().wrap(packet, 0).totalLength(0);

        assertRefused(copy(settings()), packet, Verdict.MALFORMED);
    }

    @Test
    void paddingBehindTheDatagramOrThePacketIsCut() {
        ByteBuffer packet = ByteBuffer.allocate(HEADERS + 40);
        packet.put(0, request(10).packet(), 0, HEADERS + 10);
        new Ipv4Header().wrap(packet, 0).totalLength(HEADERS + 20);

        assertThat(capture(copy(settings()), packet)).isTrue();

        assertThat(target.datagrams()).containsExactly(request(10).to(TARGET, 5353));
    }

    @Test
    void ipOptionsAreLeftOut() {
        int options = 8;
        Datagram request = request(10);
        ByteBuffer packet = ByteBuffer.allocate(options + HEADERS + 10);
        packet.put(0, request.packet(), 0, Ipv4Header.MIN_LENGTH);
        packet.put(Ipv4Header.MIN_LENGTH + options, request.packet(), Ipv4Header.MIN_LENGTH, UdpHeader.LENGTH + 10);
        new Ipv4Header()
                .wrap(packet, 0)
                .headerLength(Ipv4Header.MIN_LENGTH + options)
                .totalLength(packet.capacity());

        assertThat(capture(copy(settings()), packet)).isTrue();

        assertThat(target.datagrams()).containsExactly(request.to(TARGET, 5353));
    }

    @Test
    void aDatagramThatFitsTheMtuIsNotFragmented() {
        capture(copy(settings()), request(MTU - HEADERS));
        capture(copy(settings()), request(MTU - HEADERS + 1));

        assertThat(target.packets()).isEqualTo(3);
        assertThat(target.datagrams()).hasSize(2);
    }

    @Test
    void everyCopyHasAnIdentificationOfItsOwn() {
        UdpCopy copy = copy(settings().copies(3));

        capture(copy, request(8192));
        capture(copy, request(8192));

        capture(copy, request(100));

        assertThat(target.datagrams()).hasSize(9);
        assertThat(target.ids()).hasSize(9).doesNotHaveDuplicates();
    }

    @Test
    void noIdentificationIsEver0() {
        UdpCopy copy = copy(settings().mtu(MIN_MTU).copies(1023));
        ByteBuffer packet = request(MIN_MTU).packet();
        for (int i = 0; i < 65; i++) {
            capture(copy, packet);
        }

        // The reassembly looks at each.
        assertThat(target.ids()).hasSize(65 * 1023).contains(1, 0xFFFF);
    }

    @Property(tries = 300)
    void fragmentsMakeTheDatagramAgain(
            @ForAll @IntRange(max = Datagram.MAX_PAYLOAD) int payloadLength,
            @ForAll @IntRange(min = MIN_MTU, max = Ipv4Header.MAX_TOTAL_LENGTH) int mtu,
            @ForAll boolean dontFragment) {
        DatagramReassembly receiver = new DatagramReassembly(CLIENT_PORT);
        UdpCopy copy = new UdpCopy(settings().mtu(mtu).build(), receiver.link());
        Datagram request = request(payloadLength).with(7, dontFragment, 61, 0);

        assertThat(capture(copy, request)).isTrue();

        boolean whole = HEADERS + payloadLength <= mtu;
        assertThat(receiver.datagrams()).containsExactly(request.to(TARGET, 5353));
        int most = (mtu - Ipv4Header.MIN_LENGTH) / 8 * 8;
        assertThat(receiver.packets()).isEqualTo(whole ? 1 : (UdpHeader.LENGTH + payloadLength + most - 1) / most);
        assertThat(receiver.longest()).isLessThanOrEqualTo(mtu);
    }

    /** Bytes that look like a datagram more or less, at the very end of a buffer. */
    @Property
    void whateverIsCapturedNothingIsReadOutsideOfIt(
            @ForAll @Size(max = 80) byte[] bytes,
            @ForAll boolean plausible,
            @ForAll @IntRange(max = 80) int totalLength,
            @ForAll @IntRange(max = 80) int udpLength) {
        if (plausible && bytes.length >= HEADERS) {
            ByteBuffer packet = ByteBuffer.wrap(bytes).put(0, request(0).packet(), 0, HEADERS);
            new Ipv4Header().wrap(packet, 0).totalLength(totalLength);
            new UdpHeader().wrap(packet, Ipv4Header.MIN_LENGTH).length(udpLength);
        }
        int[] lengths = {0};
        UdpCopy copy = new UdpCopy(settings().build(), new WireLink((packet, length) -> lengths[0] += length));

        boolean taken = capture(copy, ByteBuffer.wrap(bytes));

        assertThat(lengths[0]).isEqualTo(taken ? Ipv4Header.MIN_LENGTH + udpLength : 0);
    }
}
