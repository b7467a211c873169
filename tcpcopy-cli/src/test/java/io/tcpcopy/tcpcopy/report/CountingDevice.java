package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.capture.PacketHandler;
import io.tcpcopy.capture.PacketSource;

/** A device that has only counted: 7 packets that the kernel dropped. */
final class CountingDevice implements PacketSource {
    private long notIpv4;

    void countNotIpv4(long packets) {
        notIpv4 += packets;
    }

    @Override
    public String name() {
        return "device";
    }

    @Override
    public int descriptor() {
        return -1;
    }

    @Override
    public int poll(PacketHandler handler, int limit) {
        return 0;
    }

    @Override
    public boolean reopen() {
        return false;
    }

    @Override
    public long notIpv4() {
        return notIpv4;
    }

    @Override
    public long kernelDrops() {
        return 7;
    }

    @Override
    public void close() {}
}
