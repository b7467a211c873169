package io.tcpcopy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.diagnosis.Level;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found about the host itself. */
class HostChecksTest {
    private static final long MB = 1 << 20;

    private final TestHost host = new TestHost();

    private static void assertOk(Finding finding) {
        assertThat(finding.level()).as(finding.text()).isEqualTo(Level.OK);
    }

    private static void assertFound(Finding finding, Level level, String seen) {
        assertThat(finding.level()).as(finding.text()).isEqualTo(level);
        assertThat(finding.seen()).isEqualTo(seen);
        assertThat(finding.remedy()).isNotEmpty();
    }

    @Nested
    class OfPrivileges {
        @ParameterizedTest
        @CsvSource({
            "000001fffeffffff, true, true",
            "0000000000002000, true, false",
            "0000000000001000, false, true",
            "0000000000000000, false, false"
        })
        void theEffectiveSetCounts(String effective, boolean netRaw, boolean netAdmin) {
            host.with("/proc/self/status", "Name:\tjava\nCapPrm:\t000001ffffffffff\nCapEff:\t" + effective + "\n");

            assertThat(Capabilities.of(host)).isEqualTo(new Capabilities(netRaw, netAdmin));
        }

        @Test
        void withoutCapNetRawNothingWorks() {
            assertOk(new Capabilities(true, false).rawFinding());
            assertFound(
                    new Capabilities(false, true).rawFinding(),
                    Level.ERROR,
                    "CAP_NET_RAW is missing: packets can neither be captured nor injected");
        }
    }

    @Nested
    class OfLibpcap {
        @Test
        void thatOfThisHostIsNewEnough() {
            assertOk(LibpcapCheck.finding());
            assertThat(LibpcapCheck.finding().seen()).startsWith("libpcap version ");
        }

        @ParameterizedTest
        @ValueSource(strings = {"libpcap version 1.4.0", "libpcap version 0.9.8"})
        void anOldOneIsAnError(String version) {
            assertFound(LibpcapCheck.judge(version), Level.ERROR, version + " is older than 1.5");
        }

        @ParameterizedTest
        @ValueSource(strings = {"libpcap version 1.5.3", "libpcap version 1.10.3 (with TPACKET_V3)", "libpcap 2-rc"})
        void othersAreNot(String version) {
            assertOk(LibpcapCheck.judge(version));
        }
    }

    @Nested
    class OfDevices {
        private final DeviceCheck check = new DeviceCheck(host);

        @Test
        void oneThatIsUpWithACarrierIsFine() {
            host.withDevice("eth1", TestHost.ETHERNET, TestHost.UP_WITH_CARRIER);

            assertOk(check.named("-i", "eth1"));
        }

        @Test
        void oneThatIsMissingIsNamedWithThoseThatThereAre() {
            host.withNames(Host.SETTINGS_OF_DEVICES, "all", "default", "eth0", "lo");

            assertFound(check.named("-i", "eth1"), Level.ERROR, "there is no device eth1");
            assertThat(check.named("-i", "eth1").remedy()).isEqualTo("-i takes one of eth0, lo");
        }

        @Test
        void oneThatIsDownIsAnErrorAndOneWithoutCarrierAWarning() {
            host.withDevice("eth1", TestHost.ETHERNET, 0).withDevice("eth2", TestHost.ETHERNET, TestHost.UP);

            assertFound(check.named("-i", "eth1"), Level.ERROR, "eth1 is down");
            assertFound(check.named("-i", "eth2"), Level.WARNING, "eth2 is up, but has no carrier");
        }

        @Test
        void oneOfAnotherKindOfNetworkCannotBeUsed() {
            host.withDevice("can0", 280, TestHost.UP_WITH_CARRIER);

            assertFound(check.named("-i", "can0"), Level.ERROR, "can0 carries no packets of IP: it is of type 280");
        }

        @Test
        void framesOfEthernetNeedADeviceForThem() {
            host.withDevice("tun0", 0xFFFE, TestHost.UP_WITH_CARRIER)
                    .withDevice("eth1", TestHost.ETHERNET, TestHost.UP_WITH_CARRIER);

            assertOk(check.named("-i", "tun0"));
            assertFound(check.forFrames("-o", "tun0"), Level.ERROR, "tun0 is not a device for Ethernet");
            assertOk(check.forFrames("-o", "eth1"));
        }

        @Test
        void anyNeedsOneThatIsUpBesideLoopback() {
            host.withNames(Host.SETTINGS_OF_DEVICES, "all", "default", "eth0", "eth1", "lo")
                    .withDevice("eth0", TestHost.ETHERNET, 0)
                    .withDevice("lo", 772, TestHost.UP_WITH_CARRIER);
            assertFound(check.all(), Level.WARNING, "no device but lo is up and has a carrier");

            host.withDevice("eth1", TestHost.ETHERNET, TestHost.UP_WITH_CARRIER);
            assertOk(check.all());
            assertThat(check.all().seen()).endsWith("these are up: eth1");
        }
    }

    @Nested
    class OfTheClock {
        private static final String SOURCE = "/sys/devices/system/clocksource/clocksource0/current_clocksource";

        @ParameterizedTest
        @ValueSource(strings = {"tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page"})
        void quickOnesAreFine(String source) {
            assertOk(ClockCheck.finding(host.with(SOURCE, source + "\n")));
        }

        @Test
        void aSlowOneIsAWarning() {
            assertFound(
                    ClockCheck.finding(host.with(SOURCE, "acpi_pm\n")),
                    Level.WARNING,
                    "the clock is acpi_pm, which takes a system call or more to read");
        }

        @Test
        void anUnknownOneIsNotChecked() {
            assertThat(ClockCheck.finding(host).level()).isEqualTo(Level.NOT_CHECKED);
        }
    }

    @Nested
    class OfMemory {
        private Finding finding() {
            return new MemoryCheck(host, 2048 * MB, "-m allows 2048", "a smaller -m, or ").finding();
        }

        private void hasMegabytes(long megabytes) {
            host.with("/proc/meminfo", "MemTotal: 99999999 kB\nMemAvailable:    " + megabytes * 1024 + " kB\n");
        }

        @Test
        void whatTheHostHasLeftCounts() {
            hasMegabytes(4000);
            assertOk(finding());
            assertThat(finding().seen()).isEqualTo("this host has 4000 MB, and -m allows 2048");

            hasMegabytes(2047);
            assertFound(finding(), Level.WARNING, "this host has 2047 MB, and -m allows 2048");
        }

        @Test
        void theTightestOfTheControlGroupsAroundTheProcessCounts() {
            hasMegabytes(4000);
            host.with("/proc/self/cgroup", "0::/system.slice/tcpcopy.service\n")
                    .with("/sys/fs/cgroup/system.slice/tcpcopy.service/memory.max", "max\n")
                    .with("/sys/fs/cgroup/system.slice/memory.max", 512 * MB + "\n");

            assertFound(finding(), Level.WARNING, "the control group allows 512 MB, and -m allows 2048");
            assertThat(finding().remedy()).startsWith("a smaller -m, or a larger MemoryMax=");
        }

        @Test
        void theFormerKindOfControlGroupsCountsAsWell() {
            hasMegabytes(4000);
            host.with("/proc/self/cgroup", "5:cpu,memory:/box\n0::/\n")
                    .with("/sys/fs/cgroup/memory/box/memory.limit_in_bytes", 256 * MB + "\n");

            assertFound(finding(), Level.WARNING, "the control group allows 256 MB, and -m allows 2048");
        }

        @Test
        void aContainerThatSeesNothingOfItsGroupsPathHasItAtTheRoot() {
            hasMegabytes(4000);
            host.with("/proc/self/cgroup", "0::/elsewhere/box\n").with("/sys/fs/cgroup/memory.max", 128 * MB + "\n");

            assertFound(finding(), Level.WARNING, "the control group allows 128 MB, and -m allows 2048");
        }

        @Test
        void theLimitOfTheAddressSpaceCounts() {
            hasMegabytes(4000);
            host.with(
                    "/proc/self/limits", "Max address space         1073741824           unlimited            bytes\n");
            assertFound(finding(), Level.WARNING, "the address space is limited to 1024 MB, and -m allows 2048");

            host.with(
                    "/proc/self/limits", "Max address space         unlimited            unlimited            bytes\n");
            assertOk(finding());
        }

        @Test
        void aHostThatSaysNothingIsNotChecked() {
            assertThat(finding().level()).isEqualTo(Level.NOT_CHECKED);
        }
    }
}
