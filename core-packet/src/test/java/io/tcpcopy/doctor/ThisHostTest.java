package io.tcpcopy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThisHostTest {
    private final Host host = new ThisHost();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/proc/sys/net/core/rmem_max",
                "/proc/sys/net/ipv4/ip_forward",
                "/proc/self/cgroup",
                "/proc/sys/kernel/osrelease",
                "/sys/devices/system/clocksource/clocksource0/current_clocksource"
            })
    void filesOfTheKernelAreReadWhole(String path) {
        assertThat(host.file(path)).isPresent().isEqualTo(host.output("cat", path));
    }

    @Test
    void aFileThatIsNotThereIsEmptyAndSoIsANumberThatIsNone() {
        assertThat(host.file("/no/such/file")).isEmpty();
        assertThat(host.number("/no/such/file")).isEmpty();
        assertThat(host.number("/proc/sys/kernel/osrelease")).isEmpty();
    }

    @Test
    void aProgramThatFailsOrIsNotThereGivesNothing() {
        assertThat(host.output("echo", "words")).hasValue("words\n");
        assertThat(host.output("false")).isEmpty();
        assertThat(host.output("no-such-program")).isEmpty();
    }

    @Test
    void devicesAreTold() {
        assertThat(host.link("lo"))
                .hasValueSatisfying(link -> assertThat(link.name()).isEqualTo("lo"));
        assertThat(host.link("none0")).isEmpty();
        assertThat(host.devices()).contains("lo").doesNotContain("all", "default");
    }
}
