package io.tcpcopy.tcpcopy.doctor;

import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.doctor.Capabilities;
import io.tcpcopy.doctor.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Whether sockets get the buffers that they ask for: without CAP_NET_ADMIN the kernel grants no more than two of its settings say. */
final class BufferCheck {
    private static final String SETTINGS = "/proc/sys/net/core/";
    /** The queue in front of a socket that injects is as long. */
    private static final long SEND_BYTES = 4L << 20;
    /** Long packets that wait while the program does something else for some ten milliseconds. */
    private static final long RECEIVE_BYTES = 16L << 20;

    private static final int KB_SHIFT = 10;

    private final Host host;
    private final Capabilities capabilities;

    BufferCheck(Host host, Capabilities capabilities) {
        this.host = host;
        this.capabilities = capabilities;
    }

    List<Finding> findings(List<CaptureSettings> captures) {
        if (capabilities.netAdmin()) {
            return List.of(Finding.ok(Code.BUFFERS, "sockets get the buffers that they ask for, with CAP_NET_ADMIN"));
        }
        List<Finding> findings = new ArrayList<>(List.of(finding("wmem_max", "sends", SEND_BYTES)));
        if (!captures.isEmpty()) {
            findings.add(finding("rmem_max", "captures", RECEIVE_BYTES));
        }
        return findings;
    }

    private Finding finding(String name, String what, long wantedBytes) {
        OptionalLong most = host.number(SETTINGS + name);
        if (most.isEmpty()) {
            return Finding.notChecked(
                    Code.BUFFERS, "net.core." + name + " cannot be read", "look at it outside of the container");
        }
        String seen =
                "net.core." + name + " grants a socket that " + what + " " + (most.getAsLong() >> KB_SHIFT) + " KB";
        return most.getAsLong() < wantedBytes
                ? Finding.warning(
                        Code.BUFFERS,
                        seen + ", which bursts overflow",
                        "sysctl -w net.core." + name + "=" + wantedBytes + ", or give the program CAP_NET_ADMIN")
                : Finding.ok(Code.BUFFERS, seen);
    }
}
