package io.tcpcopy.inject.open;

import io.tcpcopy.inject.frame.FrameSettings;
import java.util.Optional;

/**
 * How packets leave for the targets.
 *
 * @param kind what may be used where the kernel's routes say where packets go
 * @param frames the device and the addresses of frames, where the user gives them and no route counts
 */
public record InjectSettings(InjectKind kind, Optional<FrameSettings> frames) {
    /** Packets go where the kernel's routes say. */
    public static InjectSettings routed(InjectKind kind) {
        return new InjectSettings(kind, Optional.empty());
    }

    /** Packets leave as frames by a device and to addresses that are given. */
    public static InjectSettings addressed(FrameSettings frames) {
        return new InjectSettings(InjectKind.FRAME, Optional.of(frames));
    }
}
