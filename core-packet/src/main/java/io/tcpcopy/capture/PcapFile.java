package io.tcpcopy.capture;

import io.tcpcopy.capture.CaptureException.Reason;
import java.nio.file.Path;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.TimestampPrecision;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.Pcaps;

/** Reads the packets of a capture file, as written by tcpdump. */
public final class PcapFile {
    private static final int ALL = -1;

    private PcapFile() {}

    /**
     * Hands over every IPv4 packet of a file, in the file's order.
     *
     * @throws CaptureException when the file cannot be opened, is no capture file, or ends within a packet
     */
    public static void read(Path file, PacketHandler handler) throws CaptureException {
        try (PcapHandle handle = Pcaps.openOffline(file.toString(), TimestampPrecision.NANO)) {
            Ipv4Delivery delivery = new Ipv4Delivery();
            delivery.attach(handle, Libpcap.linkLayer(handle, file.toString()), handle.getSnapshot());
            delivery.to(handler);
            handle.dispatch(ALL, delivery);
            delivery.rethrowFailure();
        } catch (PcapNativeException e) {
            throw new CaptureException(Reason.FAILED, e.getMessage());
        } catch (NotOpenException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
