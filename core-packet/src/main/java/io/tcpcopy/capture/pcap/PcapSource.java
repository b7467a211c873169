package io.tcpcopy.capture.pcap;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureException.Reason;
import io.tcpcopy.capture.CardDrops;
import io.tcpcopy.capture.PacketHandler;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.SourceLostException;
import io.tcpcopy.capture.WideCounter;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.Direction;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.BlockingMode;
import org.pcap4j.core.PcapHandle.PcapDirection;
import org.pcap4j.core.PcapHandle.TimestampPrecision;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.Pcaps;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Captures on a network device through libpcap. Arrival times are the kernel's wall clock, which may be set. */
final class PcapSource implements PacketSource {
    private static final Logger LOG = LoggerFactory.getLogger(PcapSource.class);

    /**
     * How long the kernel may collect packets before it lets them be read: the packet buffer timeout of pcap(3PCAP).
     */
    private static final int PACKET_BUFFER_TIMEOUT_MS = 1;

    /** Of libpcap's blocks on Linux; one is used up each time that the timeout is over. */
    private static final int BLOCK_BYTES = 256 << 10;

    // Results of pcap_activate(3PCAP), from pcap/pcap.h.
    private static final int PCAP_ERROR_NO_SUCH_DEVICE = -5;
    private static final int PCAP_ERROR_PERM_DENIED = -8;
    private static final int PCAP_ERROR_IFACE_NOT_UP = -9;
    private static final int PCAP_ERROR_PROMISC_PERM_DENIED = -11;

    private final PcapSettings settings;
    private final PcapReader reader;
    private final PcapFilter filter;
    private final CardDrops cardDrops;
    private final WideCounter drops = new WideCounter();
    private PcapHandle handle;
    private int descriptor = CLOSED;

    private PcapSource(PcapSettings settings) {
        this.settings = settings;
        cardDrops = new CardDrops(settings.device());
        filter = new PcapFilter(settings.filter());
        this.reader = new PcapReader(settings.inboundOnly() ? Direction.INBOUND : Direction.UNKNOWN);
    }

    static PcapSource open(PcapSettings settings) throws CaptureException {
        PcapSource source = new PcapSource(settings);
        try {
            source.activate();
            return source;
        } catch (CaptureException e) {
            source.filter.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return settings.device();
    }

    @Override
    public String description() {
        return settings.immediate()
                ? name() + " (libpcap)"
                : name() + " (libpcap, which holds " + settings.bufferBytes() / BLOCK_BYTES * PACKET_BUFFER_TIMEOUT_MS
                        + " ms)";
    }

    @Override
    public int descriptor() {
        return descriptor;
    }

    @Override
    public int poll(PacketHandler handler, int limit) throws SourceLostException {
        if (descriptor == CLOSED) {
            throw SourceLostException.closed(name());
        }
        try {
            return reader.read(handler, limit);
        } catch (PcapNativeException e) {
            throw new SourceLostException("capture on " + name() + " failed: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean reopen() {
        closeHandle();
        if (!isDeviceUp()) {
            return false;
        }
        try {
            activate();
            return true;
        } catch (CaptureException e) {
            LOG.debug("{} cannot be opened again yet: {}", name(), e.getMessage());
            return false;
        }
    }

    @Override
    public long notIpv4() {
        return reader.notIpv4();
    }

    @Override
    public long ipv6() {
        return reader.ipv6();
    }

    @Override
    public long kernelDrops() {
        if (handle.isOpen()) {
            try {
                drops.update(handle.getStats().getNumPacketsDropped());
            } catch (PcapNativeException | NotOpenException e) {
                LOG.debug("no statistics of {}: {}", name(), e.getMessage());
            }
        }
        return drops.value();
    }

    @Override
    public long cardDrops() {
        return cardDrops.value();
    }

    @Override
    public void close() {
        closeHandle();
        filter.close();
    }

    private void closeHandle() {
        if (handle.isOpen()) {
            kernelDrops();
            descriptor = CLOSED;
            reader.detach();
            handle.close();
        }
    }

    private void activate() throws CaptureException {
        PcapHandle opened = create();
        try {
            opened.setBlockingMode(BlockingMode.NONBLOCKING);
            reader.attach(opened, Reason.UNUSABLE_DEVICE, settings.snapshotLength());
            filter.set(opened);
            descriptor = Libpcap.selectableDescriptor(opened);
            drops.restart();
            handle = opened;
        } catch (PcapNativeException | NotOpenException e) {
            throw new CaptureException(Reason.FAILED, "cannot capture on " + name() + ": " + e.getMessage());
        } finally {
            if (handle != opened) {
                reader.detach();
                opened.close();
            }
        }
    }

    private PcapHandle create() throws CaptureException {
        PcapHandle.Builder builder = new PcapHandle.Builder(settings.device())
                .snaplen(settings.snapshotLength())
                .bufferSize(settings.bufferBytes())
                .timeoutMillis(PACKET_BUFFER_TIMEOUT_MS)
                .immediateMode(settings.immediate())
                .timestampPrecision(TimestampPrecision.NANO)
                .direction(settings.inboundOnly() ? PcapDirection.IN : PcapDirection.INOUT);
        if (!settings.isAny()) {
            builder.promiscuousMode(PromiscuousMode.PROMISCUOUS);
        }
        try {
            return builder.build();
        } catch (PcapNativeException e) {
            throw refusal(e);
        }
    }

    private CaptureException refusal(PcapNativeException cause) {
        int code = cause.getReturnCode() == null ? 0 : cause.getReturnCode();
        return switch (code) {
            case PCAP_ERROR_NO_SUCH_DEVICE ->
                new CaptureException(Reason.UNUSABLE_DEVICE, "there is no device " + name());
            case PCAP_ERROR_PERM_DENIED, PCAP_ERROR_PROMISC_PERM_DENIED ->
                new CaptureException(
                        Reason.NOT_PERMITTED,
                        "no permission to capture on " + name() + ": " + StartException.NET_RAW_NEEDED);
            case PCAP_ERROR_IFACE_NOT_UP -> new CaptureException(Reason.FAILED, "the device " + name() + " is down");
            default -> new CaptureException(Reason.FAILED, "cannot capture on " + name() + ": " + cause.getMessage());
        };
    }

    /**
     * Whether it makes sense to open the device: pcap4j leaks libpcap's memory each time that opening fails, and it may
     * fail for days.
     */
    private boolean isDeviceUp() {
        if (settings.isAny()) {
            return true;
        }
        try {
            // java.net.NetworkInterface does not see devices without an address.
            PcapNetworkInterface device = Pcaps.getDevByName(settings.device());
            return device != null && device.isUp();
        } catch (PcapNativeException e) {
            return false;
        }
    }
}
