package io.tcpcopy.session.base;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.flow.Flow;
import java.util.List;

/** The room for packets to each target. There are few. */
public final class TargetRooms {
    private final TargetRoom[] rooms;

    /** For the targets of transfers. */
    public TargetRooms(Settings settings) {
        List<Endpoint> targets = settings.targets();
        rooms = new TargetRoom[targets.size()];
        for (int i = 0; i < rooms.length; i++) {
            rooms[i] = new TargetRoom(targets.get(i), i);
        }
    }

    /** How many targets there are. */
    public int size() {
        return rooms.length;
    }

    /** By the number of its target. */
    public TargetRoom get(int number) {
        return rooms[number];
    }

    /**
     * The room for what a flow sends.
     *
     * @throws IllegalArgumentException when it goes to no target
     */
    public TargetRoom of(Flow flow) {
        for (TargetRoom room : rooms) {
            if (flow.isTo(room.target())) {
                return room;
            }
        }
        throw new IllegalArgumentException("no target: " + flow);
    }

    /** A turn ends at this time. */
    public void note(TargetLink link, long nowNs) {
        for (TargetRoom room : rooms) {
            room.note(link.hasRoom(room.target().address().bits(), room.target().port()), nowNs);
        }
    }
}
