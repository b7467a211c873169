package io.tcpcopy.flow;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @Property
    void readsWhatItWrites(@ForAll int address) {
        assertThat(Address.parse(Address.ipv4(address).toString())).hasValue(Address.ipv4(address));
    }

    @ParameterizedTest
    @CsvSource({
        "1.0.0.0, true",
        "126.255.255.255, true",
        "128.0.0.0, true",
        "223.255.255.255, true",
        "0.0.0.1, false",
        "127.0.0.1, false",
        "224.0.0.1, false",
        "255.255.255.255, false"
    })
    void aHostHasNoAddressOfLoopbackOrOfAGroup(String text, boolean canHave) {
        assertThat(Address.parse(text).orElseThrow().isOfOneHost()).isEqualTo(canHave);
    }

    @Test
    void theFirstNumberIsTheHighestByte() {
        assertThat(Address.parse("1.2.3.4")).hasValue(Address.ipv4(0x01020304));
        assertThat(Address.parse("255.255.255.255")).hasValue(Address.ipv4(-1));
        assertThat(Address.LOOPBACK).hasToString("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.",
                "256.1.1.1",
                "1.2.3.999",
                "01.2.3.4",
                "1.2.3.-4",
                " 1.2.3.4",
                "1.2.3.4\n",
                "1.2.3.x",
                "1,2,3,4",
                "::1",
                "localhost",
                "١.٢.٣.٤"
            })
    void refusesWhatIsNoDottedAddress(String text) {
        assertThat(Address.parse(text)).isEmpty();
    }
}
