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

class PcapFileTest {
    private static final int MAGIC_MICROSECONDS = 0xA1B2C3D4;
    private static final int ETHERNET = 1;

    @TempDir
    private Path folder;

    @Test
    void handsOverIpv4PacketsInOrderWithTheirTimes() throws Exception {
        Path file = file(MAGIC_MICROSECONDS, Frames.ipv4(1, 40), Frames.arp(), Frames.taggedIpv4(2, 60));
        List<String> packets = new ArrayList<>();

        PcapFile.read(
                file,
                (buffer, offset, length, wireLength, arrivalNs) ->
                        packets.add(buffer.getShort(offset + 4) + " " + length + " " + arrivalNs));

        assertThat(packets).containsExactly("1 40 7000000001000", "2 60 7000000003000");
    }

    @Test
    void refusesAFileThatIsNoCapture() throws Exception {
        Path file = file(0x12345678);

        assertThatThrownBy(() -> PcapFile.read(file, (buffer, offset, length, wireLength, arrivalNs) -> {}))
                .isInstanceOf(CaptureException.class);
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertThatThrownBy(() ->
                        PcapFile.read(folder.resolve("none"), (buffer, offset, length, wireLength, arrivalNs) -> {}))
                .isInstanceOf(CaptureException.class)
                .hasMessageContaining("none");
    }

    @Test
    void throwsWhatTheHandlerThrows() throws Exception {
        Path file = file(MAGIC_MICROSECONDS, Frames.ipv4(1, 40), Frames.ipv4(2, 40));
        List<Integer> seen = new ArrayList<>();

        assertThatThrownBy(() -> PcapFile.read(file, (buffer, offset, length, wireLength, arrivalNs) -> {
                    seen.add((int) buffer.getShort(offset + 4));
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        assertThat(seen).containsExactly(1);
    }

    /** A capture whose packets arrived in second 7000, at microseconds 1, 2, 3 and so on. */
    private Path file(int magic, byte[]... frames) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(65536);
        bytes.putInt(magic).putShort((short) 2).putShort((short) 4).putLong(0);
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
