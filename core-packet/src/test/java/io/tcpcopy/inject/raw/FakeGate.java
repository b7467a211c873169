package io.tcpcopy.inject.raw;

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

    @Override
    public boolean isOpen(int target) {
        return !closed.contains(target);
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
