package io.tcpcopy.capture.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.options.BadInputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "PCAP"})
    void acceptsAFilterThatFitsAllDevices(CaptureKind kind) {
        assertThatCode(() -> CaptureOpener.checkFilter("ether src 02:00:00:00:00:01", kind, List.of("eth0", "eth1")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> CaptureOpener.checkFilter("ether src 02:00:00:00:00:01", kind, List.of("any")))
                .hasMessageStartingWith("TC105: option -F: \"ether src 02:00:00:00:00:01\": ");
    }

    @ParameterizedTest
    @EnumSource(names = {"RING", "RAW"})
    void refusesAFilterOfLinkHeadersWherePacketsHaveNone(CaptureKind kind) {
        assertThatThrownBy(() -> CaptureOpener.checkFilter("ether src 02:00:00:00:00:01", kind, List.of("eth0")))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("TC105: option -F: \"ether src 02:00:00:00:00:01\": ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "tcp and and", "port http-nonsense", "-s", "@/etc/hostname"})
    void refusesAFilterThatLibpcapDoesNotUnderstand(String filter) {
        assertThatThrownBy(() -> CaptureOpener.checkFilter(filter, CaptureKind.AUTO, List.of("any")))
                .isInstanceOf(BadInputException.class)
                .hasMessageContaining("option -F: \"" + filter + "\": ");
    }
}
