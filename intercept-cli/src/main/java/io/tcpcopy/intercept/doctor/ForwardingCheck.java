package io.tcpcopy.intercept.doctor;

import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.doctor.Host;
import io.tcpcopy.doctor.firewall.Firewall;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether this host forwards what comes in on the devices that responses come in on. It must not: they are addressed to real clients.
 * The kernel asks the setting of the device, which {@code net.ipv4.ip_forward} is written to when it changes.
 */
public final class ForwardingCheck {
    private static final String OF_ALL = "/proc/sys/net/ipv4/ip_forward";
    /** Nothing of other hosts comes in there. */
    private static final String LOOPBACK = "lo";

    private final Host host;
    private final List<CaptureSettings> captures;

    /** Looks at the devices that are captured on. */
    public ForwardingCheck(Host host, List<CaptureSettings> captures) {
        this.host = host;
        this.captures = captures;
    }

    /** What is found, with regard to what the firewall drops: only a warning where that may be responses. */
    public Finding finding() {
        Optional<Finding> fault = fault();
        if (fault.isPresent()) {
            return Firewall.of(host).mayDropForwarded()
                    ? Finding.warning(
                            Code.ASSISTANT_FORWARDS,
                            fault.get().seen() + ", unless a rule of its firewall drops them",
                            fault.get().remedy())
                    : fault.get();
        }
        return host.number(OF_ALL).isEmpty()
                ? Finding.notChecked(
                        Code.ASSISTANT_FORWARDS,
                        "whether this host forwards packets cannot be read",
                        "sysctl net.ipv4.ip_forward must be 0")
                : Finding.ok(Code.ASSISTANT_FORWARDS, "nothing that comes in on " + text(devices()) + " is forwarded");
    }

    /** What is wrong now, without regard to the firewall: no program is asked. */
    public Optional<Finding> fault() {
        List<String> forwarding = devices().stream().filter(this::forwards).toList();
        if (forwarding.isEmpty()) {
            return Optional.empty();
        }
        boolean isForAll = host.number(OF_ALL).orElse(0) == 1;
        return Optional.of(Finding.error(
                Code.ASSISTANT_FORWARDS,
                "this host forwards what comes in on " + text(forwarding) + (isForAll ? " (net.ipv4.ip_forward=1)" : "")
                        + ": responses reach real clients",
                isForAll
                        ? "sysctl -w net.ipv4.ip_forward=0"
                        : "sysctl -w net.ipv4.conf." + forwarding.get(0).replace('.', '/') + ".forwarding=0"));
    }

    private List<String> devices() {
        return captures.stream()
                .flatMap(capture -> capture.isAny() ? all() : Stream.of(capture.device()))
                .toList();
    }

    private Stream<String> all() {
        return host.devices().stream().filter(name -> !name.equals(LOOPBACK));
    }

    private boolean forwards(String device) {
        return host.number(Host.SETTINGS_OF_DEVICES + "/" + device + "/forwarding")
                        .orElse(0)
                != 0;
    }

    private static String text(List<String> devices) {
        return devices.isEmpty() ? "any device" : String.join(", ", devices);
    }
}
