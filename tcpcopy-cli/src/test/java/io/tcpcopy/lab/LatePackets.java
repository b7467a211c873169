package io.tcpcopy.lab;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;

/**
 * Takes the packets that come in at one interface and sends them out at another a little later, in place of the delay
 * that a kernel without netem cannot make.
 *
 * <p>Usage: {@code LatePackets FROM_INTERFACE TO_INTERFACE DELAY_MS}. It runs until it is ended.
 */
final class LatePackets {

    private static final int LONGEST_FRAME = 65_600;

    private LatePackets() {}

    /** Starts it. */
    public static void main(String[] args) throws PcapNativeException, NotOpenException {
        long delayNs = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(args[2]));
        try (PcapHandle in = open(args[0]);
                PcapHandle out = open(args[1])) {
            in.setDirection(PcapHandle.PcapDirection.IN);
            while (true) {
                byte[] frame = in.getNextRawPacket();
                if (frame != null) {
                    long dueNs = System.nanoTime() + delayNs;
                    while (System.nanoTime() - dueNs < 0) {
                        LockSupport.parkNanos(dueNs - System.nanoTime());
                    }
                    out.sendPacket(frame);
                }
            }
        }
    }

    private static PcapHandle open(String networkInterface) throws PcapNativeException {
        return new PcapHandle.Builder(networkInterface)
                .snaplen(LONGEST_FRAME)
                .promiscuousMode(PromiscuousMode.PROMISCUOUS)
                .immediateMode(true)
                .timeoutMillis(1000)
                .build();
    }
}
