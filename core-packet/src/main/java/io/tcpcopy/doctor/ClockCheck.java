package io.tcpcopy.doctor;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import java.util.Optional;
import java.util.Set;

/** Where the kernel takes the time from: the clock is read several times a turn, which takes a system call with slow sources. */
public final class ClockCheck {
    private static final String SOURCE = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    /** Those that a process reads by itself. */
    private static final Set<String> QUICK =
            Set.of("tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page", "xen");

    private ClockCheck() {}

    /** Looks. */
    public static Finding finding(Host host) {
        Optional<String> source = host.file(SOURCE).map(String::strip);
        if (source.isEmpty()) {
            return Finding.notChecked(Code.CLOCK, "the kernel does not say what its clock is", "look at " + SOURCE);
        }
        return QUICK.contains(source.get())
                ? Finding.ok(Code.CLOCK, "the clock is " + source.get())
                : Finding.warning(
                        Code.CLOCK,
                        "the clock is " + source.get() + ", which takes a system call or more to read",
                        "echo tsc > " + SOURCE + ", if \"available_clocksource\" beside it has tsc");
    }
}
