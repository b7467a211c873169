package io.tcpcopy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LibpcapFunctionsTest {
    private static final String NOWHERE = "libpcap.so.nowhere";

    @Test
    void takesTheFirstLibraryThatIsThere() {
        List<String> names = Stream.concat(Stream.of(NOWHERE), LibpcapFunctions.NAMES.stream())
                .toList();

        LibpcapFunctions.Calls calls = LibpcapFunctions.load(names);

        long handle = calls.pcap_open_dead(PacketFilter.RAW_IP, 100);
        assertThat(handle).isNotZero();
        calls.pcap_close(handle);
    }

    @Test
    void saysAtOnceThatNoneIsThere() {
        assertThatThrownBy(() -> LibpcapFunctions.load(List.of(NOWHERE)))
                .isInstanceOf(UnsatisfiedLinkError.class)
                .hasMessageContaining(NOWHERE);
    }
}
