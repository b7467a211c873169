package io.tcpcopy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpOptions;
import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ResponseRecordTest {
    private final ByteBuffer bytes = ByteBuffer.allocate(ResponseRecord.HEADERS_LENGTH);
    private final ResponseRecord record = new ResponseRecord().wrap(bytes, 0);

    @Test
    void headersThatTheTotalLengthDoesNotCoverAreInvalid() {
        headers(20, 32, 52);
        assertThat(record.isValid()).isTrue();
        record.ip().totalLength(51);
        assertThat(record.isValid()).isFalse();
    }

    @Test
    void anImpossibleTcpHeaderLengthIsInvalid() {
        headers(20, 16, 100);
        assertThat(record.isValid()).isFalse();
    }

    @Test
    void otherProtocolsAreInvalid() {
        headers(20, 20, 40);
        record.ip().protocol(Ipv4Header.PROTOCOL_UDP);
        assertThat(record.isValid()).isFalse();
    }

    @Test
    void theTcpHeaderStandsAtByteTwentyWhateverTheIpHeaderSays() {
        headers(40, 20, 100);
        new TcpHeader().wrap(bytes, 20).seq(4711);
        assertThat(record.isValid()).isTrue();
        assertThat(record.tcp().seq()).isEqualTo(4711);
        assertThat(record.payloadLength()).isEqualTo(40);
    }

    @Property
    void optionsAreNeverReadBeyondTheRecord(@ForAll @Size(64) byte[] hostile) {
        ByteBuffer buffer = ByteBuffer.wrap(hostile);
        ResponseRecord view = new ResponseRecord().wrap(buffer, 0);
        assertThat(view.optionsEnd()).isLessThanOrEqualTo(buffer.limit());
        if (view.isValid()) {
            assertThat(view.payloadLength()).isBetween(0, Ipv4Header.MAX_TOTAL_LENGTH);
            TcpOptions.find(
                    buffer,
                    view.optionsStart(),
                    view.optionsEnd(),
                    TcpOptions.TIMESTAMPS,
                    TcpOptions.TIMESTAMPS_LENGTH);
        }
    }

    private void headers(int ipLength, int tcpLength, int totalLength) {
        record.ip().headerLength(ipLength).totalLength(totalLength).protocol(Ipv4Header.PROTOCOL_TCP);
        record.tcp().headerLength(tcpLength);
    }
}
