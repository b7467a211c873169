package io.tcpcopy.flow;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class FlowKeyTest {
    @Property
    void givesBackWhatWasPacked(
            @ForAll int address,
            @ForAll @IntRange(max = 65535) int port,
            @ForAll @IntRange(max = FlowKey.MAX_INDEX) int index) {
        long key = FlowKey.of(address, port, index);

        assertThat(FlowKey.address(key)).isEqualTo(address);
        assertThat(FlowKey.port(key)).isEqualTo(port);
        assertThat(FlowKey.index(key)).isEqualTo(index);
    }
}
