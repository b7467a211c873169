package io.tcpcopy.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class FlowKeyTest {
    @Property
    void packsAddressPortAndIndexSideBySide(
            @ForAll int address,
            @ForAll @IntRange(max = 65535) int port,
            @ForAll @IntRange(max = FlowKey.MAX_INDEX) int index) {
        long packed = ByteBuffer.allocate(Long.BYTES)
                .putInt(address)
                .putShort((short) port)
                .putShort((short) index)
                .getLong(0);

        assertThat(FlowKey.of(address, port, index)).isEqualTo(packed);
    }
}
