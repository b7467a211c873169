package io.tcpcopy.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CardDropsTest {
    @TempDir
    private Path devices;

    private void count(String device, String counter, long value) throws IOException {
        Path statistics = Files.createDirectories(devices.resolve(device).resolve("statistics"));
        Files.writeString(statistics.resolve(counter), value + "\n");
    }

    private void hasHardware(String device) throws IOException {
        Files.createDirectories(devices.resolve(device).resolve("device"));
    }

    private CardDrops dropsOf(String device) {
        return new CardDrops(devices, device);
    }

    @Test
    void whatTheCardsCountersSaySinceTheStartCounts() throws Exception {
        count("eth0", "rx_missed_errors", 1000);
        count("eth0", "rx_dropped", 100);
        count("eth0", "rx_fifo_errors", 10);
        count("eth0", "rx_over_errors", 1);
        count("eth0", "tx_dropped", 7);
        CardDrops drops = dropsOf("eth0");
        assertThat(drops.value()).isZero();

        count("eth0", "rx_missed_errors", 3000);
        count("eth0", "rx_dropped", 300);
        count("eth0", "rx_fifo_errors", 30);
        count("eth0", "rx_over_errors", 3);
        count("eth0", "tx_dropped", 8);
        assertThat(drops.value()).isEqualTo(2222);
        assertThat(drops.value()).isEqualTo(2222);
    }

    @Test
    void otherDevicesDoNotCount() throws Exception {
        count("eth0", "rx_dropped", 0);
        count("eth1", "rx_dropped", 0);
        CardDrops drops = dropsOf("eth0");
        count("eth1", "rx_dropped", 5);

        assertThat(drops.value()).isZero();
    }

    @Test
    void ofAllDevicesThoseWithHardwareCount() throws Exception {
        for (String device : new String[] {"lo", "eth0", "eth1", "bond0"}) {
            count(device, "rx_dropped", 0);
        }
        hasHardware("eth0");
        hasHardware("eth1");
        CardDrops drops = dropsOf(CaptureSettings.ANY);
        count("lo", "rx_dropped", 1);
        count("eth0", "rx_dropped", 10);
        count("eth1", "rx_dropped", 100);
        count("bond0", "rx_dropped", 110);

        assertThat(drops.value()).isEqualTo(110);
    }

    @Test
    void whereNoneHasHardwareAllButLoopbackCount() throws Exception {
        count("lo", "rx_dropped", 0);
        count("veth0", "rx_dropped", 0);
        CardDrops drops = dropsOf(CaptureSettings.ANY);
        count("lo", "rx_dropped", 1);
        count("veth0", "rx_dropped", 10);

        assertThat(drops.value()).isEqualTo(10);
    }

    @Test
    void deviceThatIsGoneAndComesBackCountsFromItsBeginningOn() throws Exception {
        count("eth0", "rx_dropped", 50);
        CardDrops drops = dropsOf("eth0");
        count("eth0", "rx_dropped", 53);
        assertThat(drops.value()).isEqualTo(3);

        count("eth0", "rx_dropped", 2);
        assertThat(drops.value()).as("begun again").isEqualTo(5);

        Files.delete(devices.resolve("eth0/statistics/rx_dropped"));
        assertThat(drops.value()).as("gone").isEqualTo(5);

        count("eth0", "rx_dropped", 9);
        assertThat(drops.value()).as("another one").isEqualTo(5);
        count("eth0", "rx_dropped", 10);
        assertThat(drops.value()).isEqualTo(6);
    }

    @Test
    void whereThereIsNothingToReadNothingIsDropped() {
        assertThat(dropsOf("eth9").value()).isZero();
        assertThat(new CardDrops(devices.resolve("none"), CaptureSettings.ANY).value())
                .isZero();
    }
}
