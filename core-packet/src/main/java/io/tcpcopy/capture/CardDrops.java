package io.tcpcopy.capture;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Place;
import io.tcpcopy.metrics.MetricSnapshot;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * Packets that network cards and their drivers have dropped before any capture could see them, since the start. With all devices these
 * are the cards, that is what has hardware behind it, so that bonds, bridges and the devices of containers do not count the same
 * packets once more; where there is no card, as in a container, all devices but loopback.
 */
public final class CardDrops {
    private static final Path DEVICES = Path.of("/sys/class/net");
    private static final String LOOPBACK = "lo";
    /** A link that devices with hardware behind them have. */
    private static final String HARDWARE = "device";

    private static final String STATISTICS = "statistics";
    /**
     * Of the kernel's ABI, sysfs-class-net-statistics: no room in the card; no room in the host, which also counts what no protocol of the
     * host takes; two names that drivers give to the first.
     */
    private static final String[] COUNTERS = {"rx_missed_errors", "rx_dropped", "rx_fifo_errors", "rx_over_errors"};

    /** Fewer, in packets and as a part of all, are what no protocol of the host takes, of which any network has some. */
    private static final int FEW = 10;

    private static final int ONE_IN = 100;

    private final Path devices;
    private final String device;
    /** What each file said last. */
    private final Map<Path, Long> readings = new HashMap<>();

    private long drops;

    /** Those of a device, or of {@link CaptureSettings#ANY}, from now on. */
    public CardDrops(String device) {
        this(DEVICES, device);
    }

    CardDrops(Path devices, String device) {
        this.devices = devices;
        this.device = device;
        value();
        drops = 0;
    }

    /**
     * They as a place where packets are lost.
     *
     * @param seen how many packets were captured
     */
    public static Place place(ToLongFunction<MetricSnapshot> seen) {
        return new Place(
                Code.CARD_DROPS,
                "the network card",
                "packets dropped by the network card",
                "see which with ethtool -S DEVICE; a longer ring (ethtool -G DEVICE rx N), more receive queues (ethtool -L), interrupts"
                        + " on more processors",
                counts -> {
                    long drops = counts.get(CaptureMetric.CARD_DROPS);
                    return drops >= FEW && drops * ONE_IN > seen.applyAsLong(counts) ? drops : 0;
                },
                counts -> counts.get(CaptureMetric.CARD_DROPS) + seen.applyAsLong(counts));
    }

    /** How many so far. Costs the reading of four small files for each device. */
    public long value() {
        if (!device.equals(CaptureSettings.ANY)) {
            read(devices.resolve(device));
        } else if (readAll(true) == 0) {
            readAll(false);
        }
        return drops;
    }

    /** Reads all devices but loopback, those with hardware alone or not; returns how many there are. */
    private int readAll(boolean hardwareAlone) {
        int count = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(devices, CardDrops::isNoLoopback)) {
            for (Path one : all) {
                if (!hardwareAlone || Files.exists(one.resolve(HARDWARE))) {
                    count++;
                    read(one);
                }
            }
        } catch (IOException e) {
            // Nothing is known where there is no sysfs.
        }
        return count;
    }

    private static boolean isNoLoopback(Path path) {
        return !path.endsWith(LOOPBACK);
    }

    private void read(Path one) {
        for (String counter : COUNTERS) {
            Path file = one.resolve(STATISTICS).resolve(counter);
            try {
                note(file, Long.parseLong(Files.readString(file).strip()));
            } catch (IOException | NumberFormatException e) {
                // The device is gone, or none that counts: what it has counted stays.
                readings.remove(file);
            }
        }
    }

    /** A counter that is new may have counted before; one that is lower than before has begun again. */
    private void note(Path file, long reading) {
        Long before = readings.put(file, reading);
        if (before != null) {
            drops += reading >= before ? reading - before : reading;
        }
    }
}
