package io.tcpcopy.capture.open;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureFilters;
import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.file.CaptureFile;
import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.net.OpenedTogether;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.OptionValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;

/** Reads and opens what the options {@code -i} and {@code -F} ask for; an error names the option that is wrong. */
public final class CaptureOpener {
    private static final String SOURCE_OPTION = "-i";
    private static final String FILTER_OPTION = "-F";
    /** Each device takes a descriptor and a capture buffer. */
    private static final int MAX_DEVICES = 32;

    private CaptureOpener() {}

    /**
     * Reads the devices of {@code -i}.
     *
     * @param list their names, separated by commas
     * @throws BadInputException for a list that would capture packets twice, or a name that no device can have
     */
    public static List<String> devices(String list) throws BadInputException {
        OptionValue value = OptionValue.of(SOURCE_OPTION, list);
        List<String> devices = new ArrayList<>();
        for (OptionValue part : value.list(MAX_DEVICES)) {
            String device = part.text();
            if (device.chars().anyMatch(c -> Character.isWhitespace(c) || c == '/')) {
                throw part.wrong("names of network devices, separated by commas");
            }
            devices.add(device);
        }
        if (new HashSet<>(devices).size() < devices.size()) {
            throw value.wrong("each device once");
        }
        if (devices.size() > 1 && devices.contains(CaptureSettings.ANY)) {
            throw value.wrong("\"" + CaptureSettings.ANY + "\" alone, since it stands for all devices");
        }
        return devices;
    }

    /**
     * Checks the filter of {@code -F} for what devices capture in a way, without opening anything.
     *
     * @throws BadInputException when it is empty, or libpcap does not understand it
     * @throws StartException when libpcap is missing
     */
    public static void checkFilter(String filter, CaptureKind kind, List<String> devices)
            throws BadInputException, StartException {
        checkNotBlank(filter);
        for (String device : devices) {
            attempt(device, filter, () -> {
                if (kind.beginsWithIp()) {
                    CaptureFilters.compileForIp(filter, CaptureSettings.MAX_SNAPSHOT_LENGTH);
                } else if (kind == CaptureKind.PCAP || !CaptureFilters.isForIp(filter)) {
                    CaptureFilters.check(filter, device);
                }
                return device;
            });
        }
    }

    /**
     * Checks that a capture file can be replayed, and the filter of {@code -F} for its packets.
     *
     * @param filter null when none was given
     * @throws BadInputException when the file cannot be opened, is no capture file, or holds no packets; or for the filter
     * @throws StartException when libpcap is missing
     */
    public static void checkFile(Path file, String filter) throws BadInputException, StartException {
        if (filter != null) {
            checkNotBlank(filter);
            openFile(file, filter).close();
        }
        attempt(file.toString(), filter, () -> {
            CaptureFile.check(file);
            return file;
        });
    }

    private static void checkNotBlank(String filter) throws BadInputException {
        if (filter.isBlank()) {
            throw BadInputException.value(FILTER_OPTION, filter, "a filter such as 'tcp and src port 80'");
        }
    }

    /**
     * Opens a capture file.
     *
     * @param filter empty takes everything
     * @throws BadInputException when the file cannot be opened, or the filter does not fit it
     * @throws StartException when libpcap is missing
     */
    public static CaptureFile openFile(Path file, String filter) throws BadInputException, StartException {
        return attempt(file.toString(), filter, () -> CaptureFile.open(file, filter));
    }

    /**
     * Begins to capture on all of several devices.
     *
     * @throws BadInputException when there is no such device, or the filter does not fit it
     * @throws StartException when a device is down, or a privilege or libpcap is missing; nothing is left open
     */
    public static List<PacketSource> open(List<? extends CaptureSettings> captures)
            throws BadInputException, StartException {
        List<PacketSource> sources = new ArrayList<>();
        try (OpenedTogether opened = new OpenedTogether()) {
            for (CaptureSettings settings : captures) {
                sources.add(
                        opened.add(attempt(settings.device(), settings.filter(), settings::open), PacketSource::close));
            }
            opened.keep();
            return sources;
        }
    }

    private interface Attempt<T> {
        T run() throws CaptureException;
    }

    private static <T> T attempt(String source, String filter, Attempt<T> attempt)
            throws BadInputException, StartException {
        try {
            return attempt.run();
        } catch (CaptureException e) {
            switch (e.reason()) {
                case UNUSABLE_DEVICE:
                    throw BadInputException.refused(SOURCE_OPTION, source, e.getMessage())
                            .about(Code.DEVICE);
                case UNUSABLE_FILE:
                    throw BadInputException.refused(SOURCE_OPTION, source, e.getMessage());
                case INVALID_FILTER:
                    throw BadInputException.refused(FILTER_OPTION, filter, e.getMessage())
                            .about(Code.FILTER_WORDS);
                case UNSUPPORTED:
                    throw BadInputException.refused(CaptureKind.OPTION, CaptureKind.RING.text(), e.getMessage());
                case NOT_PERMITTED:
                    throw new StartException(Code.PRIVILEGE, e.getMessage());
                case FAILED:
                    throw new StartException(Code.DEVICE, e.getMessage());
            }
            throw new IllegalStateException(e);
        } catch (LinkageError e) {
            throw withoutLibpcap(e);
        }
    }

    private static StartException withoutLibpcap(LinkageError cause) {
        // JNA says a third and more lines, of where it looked.
        String reason = String.valueOf(cause.getMessage()).lines().limit(2).collect(Collectors.joining(" "));
        return new StartException(Code.LIBPCAP, "cannot load libpcap, which the package libpcap0.8 brings: " + reason);
    }
}
