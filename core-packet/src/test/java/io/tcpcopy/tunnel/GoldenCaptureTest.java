package io.tcpcopy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GoldenCaptureTest {
    private final GoldenCapture capture = new GoldenCapture("combined.pcap");

    @Test
    void routesOfTheOriginalAreRead() {
        RecordedRoutes routes = new RecordedRoutes();
        capture.toIntercept().values().forEach(stream -> {
            RouteReader reader = new RouteReader(routes);
            stream.forEach(piece -> assertThat(reader.read(piece.duplicate())).isTrue());
        });
        assertThat(routes.events)
                .containsExactly("add 10.77.1.2:55224 10.77.2.2:8080", "add 10.77.1.2:55230 10.77.2.2:8080");
    }

    @Test
    void routesAreWrittenAsTheOriginalWritesThem() {
        List<ByteBuffer> first = capture.toIntercept().values().iterator().next();
        ByteBuffer written = ByteBuffer.allocate(2 * RouteMessage.LENGTH);
        RouteMessage message = new RouteMessage();
        message.wrap(written, 0).version();
        message.wrap(written, RouteMessage.LENGTH)
                .clientAddress(0x0A4D0102)
                .clientPort(55224)
                .type(RouteMessage.TYPE_ADD)
                .targetAddress(0x0A4D0202)
                .targetPort(8080);
        assertThat(written).isEqualTo(GoldenCapture.joined(first));
    }

    @Test
    void recordsOfCapturedResponsesEqualThoseOfTheOriginal() {
        List<ByteBuffer> encoded = new ArrayList<>();
        for (ByteBuffer packet : capture.responses()) {
            ResponseEncoder encoder = new ResponseEncoder().wrap(packet, 0, packet.limit());
            ByteBuffer record = ByteBuffer.allocate(ResponseRecord.HEADERS_LENGTH);
            encoder.write(0, record, 0);
            encoded.add(record);
        }
        assertThat(encoded).hasSize(9).containsExactlyElementsOf(recordsInTunnel());
    }

    @Test
    void batchesAreWrittenAsTheOriginalWritesThem() {
        Set<ByteBuffer> responses = new HashSet<>();
        for (List<ByteBuffer> stream : capture.fromIntercept().values()) {
            for (ByteBuffer original : stream) {
                Batch batch = new Batch(TunnelFormat.COMBINED);
                BatchReader reader = new BatchReader(
                        TunnelFormat.COMBINED,
                        response -> batch.bytes()
                                .put(
                                        batch.add(),
                                        response.buffer(),
                                        response.ip().offset(),
                                        64));
                reader.read(original.duplicate());
                assertThat(batch.bytes().slice(0, batch.length())).isEqualTo(original);
                responses.add(original);
            }
        }
        assertThat(responses).hasSize(7);
    }

    private List<ByteBuffer> recordsInTunnel() {
        List<ByteBuffer> records = new ArrayList<>();
        for (List<ByteBuffer> stream : capture.fromIntercept().values()) {
            ByteBuffer bytes = GoldenCapture.joined(stream);
            while (bytes.hasRemaining()) {
                int count = bytes.getShort();
                for (int i = 0; i < count; i++) {
                    records.add(bytes.slice(bytes.position(), ResponseRecord.HEADERS_LENGTH));
                    bytes.position(bytes.position() + ResponseRecord.HEADERS_LENGTH);
                }
            }
        }
        return records;
    }
}
