package io.tcpcopy.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.TimestampPrecision;
import org.pcap4j.core.Pcaps;

/** Packets come out of a capture file, which needs no privilege. */
class Ipv4DeliveryTest {
    private static final int MAGIC_MICROSECONDS = 0xA1B2C3D4;
    private static final int ETHERNET = 1;
    private static final int ALL = -1;

    private final Ipv4Delivery delivery = new Ipv4Delivery();

    @TempDir
    private Path folder;

    @Test
    void handsOverIpv4PacketsInOrderWithTheirTimes() throws Exception {
        List<String> packets = new ArrayList<>();

        deliver(
                (buffer, offset, length, wireLength, arrivalNs) ->
                        packets.add(buffer.getShort(offset + 4) + " " + length + " " + arrivalNs),
                Frames.ipv4(1, 40),
                Frames.arp(),
                Frames.taggedIpv4(2, 60));

        assertThat(packets).containsExactly("1 40 7000000001000", "2 60 7000000003000");
        assertThat(delivery.notIpv4()).isOne();
    }

    @Test
    void handsOverThePacketsBehindOneThatTheHandlerFailsOnAndThrowsTheFirstFailureOnce() throws Exception {
        List<Integer> seen = new ArrayList<>();

        deliver(
                (buffer, offset, length, wireLength, arrivalNs) -> {
                    seen.add((int) buffer.getShort(offset + 4));
                    throw new IllegalStateException("failed on " + seen);
                },
                Frames.ipv4(1, 40),
                Frames.ipv4(2, 40));

        assertThat(seen).containsExactly(1, 2);
        assertThatThrownBy(delivery::rethrowFailure).hasMessage("failed on [1]");
        delivery.rethrowFailure();
    }

    private void deliver(PacketHandler handler, byte[]... frames) throws Exception {
        String file = file(frames).toString();
        try (PcapHandle handle = Pcaps.openOffline(file, TimestampPrecision.NANO)) {
            delivery.attach(handle, Libpcap.linkLayer(handle, file), handle.getSnapshot());
            delivery.to(handler);
            handle.dispatch(ALL, delivery);
        }
    }

    /** A capture whose packets arrived in second 7000, at microseconds 1, 2, 3 and so on. */
    private Path file(byte[]... frames) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(65536);
        bytes.putInt(MAGIC_MICROSECONDS).putShort((short) 2).putShort((short) 4).putLong(0);
        bytes.putInt(65535).putInt(ETHERNET);
        int number = 0;
        for (byte[] frame : frames) {
            number++;
            bytes.putInt(7000).putInt(number).putInt(frame.length).putInt(frame.length);
            bytes.put(frame);
        }
        Path file = folder.resolve("capture.pcap");
        byte[] content = new byte[bytes.position()];
        bytes.get(0, content);
        return Files.write(file, content);
    }
}
