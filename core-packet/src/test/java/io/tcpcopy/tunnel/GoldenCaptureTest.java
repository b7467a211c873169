package io.tcpcopy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.packet.CapturedPacket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the C programs send is what is read and written here, byte for byte. */
class GoldenCaptureTest {
    private static final byte[] VERSION = {0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0};

    /** The modes that were captured. */
    enum Captured {
        COMBINED("combined.pcap", TunnelFormat.of(true, false), 9),
        NOT_COMBINED("not-combined.pcap", TunnelFormat.of(false, false), 9),
        SINGLE("single.pcap", TunnelFormat.of(true, false), 9),
        PAYLOAD("payload.pcap", TunnelFormat.of(true, true), 8);

        private final GoldenCapture capture;
        private final TunnelFormat format;
        private final int responses;

        Captured(String file, TunnelFormat format, int responses) {
            this.capture = new GoldenCapture(file);
            this.format = format;
            this.responses = responses;
        }
    }

    private static List<String> routes(Captured mode) {
        RecordedRoutes routes = new RecordedRoutes();
        mode.capture.toIntercept().values().forEach(stream -> {
            RouteReader reader = new RouteReader(routes);
            stream.forEach(piece -> assertThat(reader.read(piece.duplicate())).isTrue());
        });
        return routes.events;
    }

    @Test
    void routesOfTheOriginalAreRead() {
        assertThat(routes(Captured.COMBINED))
                .containsExactly(
                        "version 6",
                        "add 10.77.1.2:55224 > 10.77.2.2:8080",
                        "version 6",
                        "add 10.77.1.2:55230 > 10.77.2.2:8080");
        assertThat(routes(Captured.NOT_COMBINED))
                .containsExactly(
                        "version 6",
                        "add 10.77.1.2:55238 > 10.77.2.2:8080",
                        "version 6",
                        "add 10.77.1.2:55242 > 10.77.2.2:8080");
    }

    @Test
    void inSingleModeTheOriginalSendsItsVersionAlone() {
        assertThat(Captured.SINGLE.capture.toIntercept().values())
                .hasSize(2)
                .allSatisfy(stream -> assertThat(GoldenCapture.joined(stream)).isEqualTo(ByteBuffer.wrap(VERSION)));
        assertThat(routes(Captured.SINGLE)).containsExactly("version 6", "version 6");
    }

    @Test
    void routesAreWrittenAsTheOriginalWritesThem() {
        List<ByteBuffer> first =
                Captured.COMBINED.capture.toIntercept().values().iterator().next();
        ByteBuffer written = ByteBuffer.allocate(2 * RouteMessage.LENGTH);
        RouteMessage message = new RouteMessage();
        message.wrap(written, 0).version();
        message.wrap(written, RouteMessage.LENGTH)
                .flow(new Flow().client(0x0A4D0102, 55224).server(0x0A4D0202, 8080))
                .type(RouteMessage.TYPE_ADD);
        assertThat(written).isEqualTo(GoldenCapture.joined(first));
    }

    @ParameterizedTest
    @EnumSource
    void recordsOfTheOriginalAreRead(Captured mode) {
        assertThat(recordsInTunnel(mode)).hasSize(mode.responses);
    }

    @ParameterizedTest
    @EnumSource
    void recordsOfCapturedResponsesEqualThoseOfTheOriginal(Captured mode) {
        List<ByteBuffer> encoded = new ArrayList<>();
        for (ByteBuffer packet : mode.capture.responses()) {
            CapturedResponse response = new CapturedResponse(mode.format);
            CapturedPacket captured = new CapturedPacket().wrap(packet, 0, packet.limit(), packet.limit(), 0);
            assertThat(response.parse(captured)).isEqualTo(ResponseVerdict.WHOLE);
            ByteBuffer record = ByteBuffer.allocate(mode.format.recordLength());
            response.write(0, record, 0);
            encoded.add(record);
        }
        assertThat(encoded).containsExactlyElementsOf(recordsInTunnel(mode));
    }

    @ParameterizedTest
    @EnumSource
    void batchesAreWrittenAsTheOriginalWritesThem(Captured mode) {
        List<ByteBuffer> pieces = mode.capture.fromIntercept().values().stream()
                .flatMap(List::stream)
                .toList();
        assertThat(pieces).isNotEmpty().allSatisfy(original -> {
            Batch batch = new Batch(mode.format);
            read(mode, original, record -> batch.bytes().put(batch.add(), record, 0, record.limit()));
            assertThat(batch.bytes().slice(0, batch.length())).isEqualTo(original);
        });
    }

    /** Whatever mode the other end is in: either all is read, or it is refused before anything that is not there. */
    @ParameterizedTest
    @EnumSource
    void streamsOfAnotherModeAreRefusedInWords(Captured mode) {
        for (boolean combined : new boolean[] {true, false}) {
            for (boolean payload : new boolean[] {true, false}) {
                TunnelFormat format = TunnelFormat.of(combined, payload);
                if (!format.equals(mode.format)) {
                    BatchReader reader = new BatchReader(format, response -> {});
                    mode.capture.fromIntercept().values().forEach(stream -> reader.read(GoldenCapture.joined(stream)));
                    assertThat(reader.refusal())
                            .as("%s read as %s", mode, format)
                            .contains(combined == mode.format.combined() ? "--resp-payload" : "--disable-combined");
                }
            }
        }
    }

    /** Takes one record, which stands alone in its buffer. */
    private interface Taker {
        void take(ByteBuffer record);
    }

    private static void read(Captured mode, ByteBuffer stream, Taker taker) {
        BatchReader reader = new BatchReader(mode.format, response -> {
            ByteBuffer record = ByteBuffer.allocate(mode.format.recordLength());
            taker.take(record.put(0, response.buffer(), response.ip().offset(), record.limit()));
        });
        assertThat(reader.read(stream.duplicate())).isTrue();
    }

    private static List<ByteBuffer> recordsInTunnel(Captured mode) {
        List<ByteBuffer> records = new ArrayList<>();
        mode.capture.fromIntercept().values().forEach(stream -> read(mode, GoldenCapture.joined(stream), records::add));
        return records;
    }
}
