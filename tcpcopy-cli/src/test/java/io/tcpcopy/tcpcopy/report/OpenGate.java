package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.inject.raw.TargetGate;
import io.tcpcopy.packet.Ipv4Header;

/** Lets everything through. */
final class OpenGate implements TargetGate {
    @Override
    public void refresh() {}

    @Override
    public boolean isOpen(int target) {
        return true;
    }

    @Override
    public boolean isOpenForAll() {
        return true;
    }

    @Override
    public int mtu() {
        return Ipv4Header.MAX_TOTAL_LENGTH;
    }
}
