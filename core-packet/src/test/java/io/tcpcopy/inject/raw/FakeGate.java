package io.tcpcopy.inject.raw;

import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.packet.Ipv4Header;
import java.util.HashSet;
import java.util.Set;

/** A gate that the test opens and closes. */
final class FakeGate implements TargetGate {
    final Set<Integer> closed = new HashSet<>();
    int refreshed;

    @Override
    public void refresh() {
        refreshed++;
    }

    /** Targets are numbered by their addresses. */
    @Override
    public int target(int address, int port) {
        return address;
    }

    @Override
    public InjectCounter fate(int target) {
        return closed.contains(target) ? InjectCounter.NEXT_HOP_SILENT : InjectCounter.SENT;
    }

    @Override
    public boolean isOpenForAll() {
        return closed.isEmpty();
    }

    @Override
    public int mtu() {
        return Ipv4Header.MAX_TOTAL_LENGTH;
    }
}
