package io.tcpcopy.capture.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.options.BadInputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureOpenerTest {
    @Test
    void readsTheNamesOfDevices() throws BadInputException {
        assertThat(CaptureOpener.devices("eth0,eth1.5,br-1")).containsExactly("eth0", "eth1.5", "br-1");
        assertThat(CaptureOpener.devices("any")).containsExactly("any");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "eth0,", "eth0,eth0", "any,eth0", "eth 0", "../eth0"})
    void refusesDevicesThatCannotBeOrWouldCaptureTwice(String list) {
        assertThatThrownBy(() -> CaptureOpener.devices(list))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("option -i: \"" + list + "\": expected ");
    }

    @Test
    void acceptsAFilterThatFitsAllDevices() {
        assertThatCode(() -> CaptureOpener.checkFilter("ether proto 0x800 and tcp", List.of("eth0", "eth1")))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "tcp and and", "port http-nonsense", "-s", "@/etc/hostname"})
    void refusesAFilterThatLibpcapDoesNotUnderstand(String filter) {
        assertThatThrownBy(() -> CaptureOpener.checkFilter(filter, List.of("any")))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("option -F: \"" + filter + "\": ");
    }
}
