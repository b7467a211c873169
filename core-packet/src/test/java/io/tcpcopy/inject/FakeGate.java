package io.tcpcopy.inject;

import io.tcpcopy.packet.Ipv4Header;
import java.util.HashSet;
import java.util.Set;

/** A gate that the test opens and closes. */
public final class FakeGate implements TargetGate {
    /** Numbers of targets. */
    public final Set<Integer> closed = new HashSet<>();
    /** How often it was asked for what is new. */
    public int refreshed;
    /** Of all paths, in bytes. */
    public int mtu = Ipv4Header.MAX_TOTAL_LENGTH;

    /** All targets are open. */
    public FakeGate() {}

    @Override
    public void refresh() {
        refreshed++;
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
    public int mtu(int target) {
        return mtu;
    }

    @Override
    public int mtu() {
        return mtu;
    }
}
