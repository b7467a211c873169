package io.tcpcopy.daemon;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.PcapFilter;
import io.tcpcopy.capture.PcapSettings;
import io.tcpcopy.capture.PcapSource;
import io.tcpcopy.net.StartException;

/** Opens what {@code -i} and {@code -F} ask for, and says which of them is wrong. */
public final class CaptureOpener {
    private static final String DEVICE_OPTION = "-i";
    private static final String FILTER_OPTION = "-F";

    private CaptureOpener() {}

    /**
     * Checks a filter without opening anything.
     *
     * @throws BadInputException when libpcap does not understand it
     */
    public static void checkFilter(String filter, String device) throws BadInputException {
        try {
            PcapFilter.check(filter, device);
        } catch (CaptureException e) {
            throw BadInputException.refused(FILTER_OPTION, filter, e.getMessage());
        }
    }

    /**
     * Begins to capture.
     *
     * @throws BadInputException when there is no such device, or the filter does not fit it
     * @throws StartException when the device is down, or privileges lack
     */
    public static PacketSource open(PcapSettings settings) throws BadInputException, StartException {
        try {
            return PcapSource.open(settings);
        } catch (CaptureException e) {
            switch (e.reason()) {
                case UNUSABLE_DEVICE:
                    throw BadInputException.refused(DEVICE_OPTION, settings.device(), e.getMessage());
                case INVALID_FILTER:
                    throw BadInputException.refused(FILTER_OPTION, settings.filter(), e.getMessage());
                case NOT_PERMITTED, FAILED:
                    throw new StartException(e.getMessage());
            }
            throw new IllegalStateException(e);
        }
    }
}
