package io.tcpcopy.packet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EthernetAddressTest {
    @Test
    void theFirstNumberIsTheHighestByte() {
        assertThat(EthernetAddress.parse("01:23:45:67:89:ab")).hasValue(0x0123456789ABL);
        assertThat(EthernetAddress.parse("FF:ff:FF:ff:FF:ff")).hasValue(0xFFFFFFFFFFFFL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "01:23:45:67:89",
                "01:23:45:67:89:ab:cd",
                "1:23:45:67:89:ab",
                "01-23-45-67-89-ab",
                "0123456789ab",
                "01:23:45:67:89:ag",
                "01:23:45:67:89:+b",
                " 01:23:45:67:89:ab",
                "01:23:45:67:89:ab\n",
                "01:23:45:67:89:ab@"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThat(EthernetAddress.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0x020000000001L, 0x0123456789ABL ^ 1L << 40, 1})
    void isOneOfADevice(long address) {
        assertThat(EthernetAddress.isDevice(address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0xFFFFFFFFFFFFL, 0x01005E000001L, 0x333300000001L})
    void isNoneOfADevice(long address) {
        assertThat(EthernetAddress.isDevice(address)).isFalse();
    }
}
