package io.tcpcopy.capture.open;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureException.Reason;
import io.tcpcopy.capture.CaptureFilters;
import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.pcap.PcapSettings;
import io.tcpcopy.capture.ring.RingSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How to capture through a ring, or through libpcap if there is no ring to be had or the filter is not one for packets that begin
 * with the IP header.
 *
 * @param ring of the same device as {@code pcap}
 */
public record AutoSettings(RingSettings ring, PcapSettings pcap) implements CaptureSettings {
    private static final Logger LOG = LoggerFactory.getLogger(AutoSettings.class);

    @Override
    public String device() {
        return ring.device();
    }

    @Override
    public String filter() {
        return ring.filter();
    }

    @Override
    public AutoSettings withFilter(String otherFilter) {
        return new AutoSettings(ring.withFilter(otherFilter), pcap.withFilter(otherFilter));
    }

    @Override
    public PacketSource open() throws CaptureException {
        if (!CaptureFilters.isForIp(filter())) {
            return openPcap("the filter is not for packets that begin with the IP header");
        }
        try {
            return ring.open();
        } catch (CaptureException e) {
            if (e.reason() != Reason.UNSUPPORTED) {
                throw e;
            }
            return openPcap(e.getMessage());
        }
    }

    private PacketSource openPcap(String why) throws CaptureException {
        LOG.info("libpcap captures on {}: {}", device(), why);
        return pcap.open();
    }
}
