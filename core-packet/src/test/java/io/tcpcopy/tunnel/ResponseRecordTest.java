package io.tcpcopy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.packet.TcpHeader;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ResponseRecordTest {
    private final ByteBuffer bytes = ByteBuffer.allocate(ResponseRecord.HEADERS_LENGTH);
    private final ResponseRecord record = new ResponseRecord().wrap(bytes, 0);

    @Test
    void theTcpHeaderStandsAtByteTwentyWhateverTheIpHeaderSays() {
        record.ip().headerLength(40).totalLength(100);
        new TcpHeader().wrap(bytes, 20).headerLength(TcpHeader.MIN_LENGTH).seq(4711);
        assertThat(record.tcp().seq()).isEqualTo(4711);
        assertThat(record.payloadLength()).isEqualTo(40);
    }
}
