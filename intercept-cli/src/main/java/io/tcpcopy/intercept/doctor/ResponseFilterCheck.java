package io.tcpcopy.intercept.doctor;

import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.doctor.FilterProbe;
import io.tcpcopy.doctor.FilterProbe.Sample;
import io.tcpcopy.flow.Address;
import java.util.List;
import java.util.OptionalInt;

/**
 * Whether the filter takes responses: packets of a target are made up and tried, from each port, to a client's port that the filter does
 * not name.
 */
final class ResponseFilterCheck {
    /** Of networks for documentation (RFC 5737): nobody's. */
    private static final Address TARGET = Address.parse("198.51.100.7").orElseThrow();

    private static final Address CLIENT = Address.parse("203.0.113.7").orElseThrow();
    /** As Linux gives them to clients. */
    private static final int CLIENT_PORT = 45_678;

    private ResponseFilterCheck() {}

    static List<Finding> findings(List<CaptureSettings> captures) {
        return captures.stream()
                .map(CaptureSettings::filter)
                .distinct()
                .map(ResponseFilterCheck::finding)
                .toList();
    }

    private static Finding finding(String filter) {
        return FilterProbe.of(filter)
                .map(probe -> judge(filter, probe))
                .orElseGet(() -> Finding.notChecked(
                        Code.INTERCEPT_FILTER,
                        "the filter \"" + filter + "\" asks for more than IP headers",
                        "tcpdump -c 10 with the same filter shows whether it takes responses"));
    }

    private static Finding judge(String filter, FilterProbe probe) {
        int clientPort = CLIENT_PORT;
        while (probe.names(clientPort)) {
            clientPort++;
        }
        OptionalInt handshake = firstTaken(probe, Sample.SYN_ACK, clientPort);
        OptionalInt response = firstTaken(probe, Sample.PAYLOAD, clientPort);
        String taken = "the filter \"" + filter + "\" takes ";
        if (handshake.isPresent() && response.isPresent()) {
            return Finding.ok(
                    Code.INTERCEPT_FILTER, taken + "responses, from port " + handshake.getAsInt() + " for one");
        }
        if (handshake.isEmpty() && response.isEmpty()) {
            return Finding.error(Code.INTERCEPT_FILTER, taken + "no response, from whatever port", remedy());
        }
        return Finding.error(
                Code.INTERCEPT_FILTER,
                taken + "a part of a connection's packets alone: none "
                        + (handshake.isEmpty() ? "of its handshake" : "with payload"),
                remedy());
    }

    private static String remedy() {
        return "responses come from the port of the service under test: -F 'tcp and src port 8080'";
    }

    private static OptionalInt firstTaken(FilterProbe probe, Sample sample, int clientPort) {
        return probe.firstTaken(
                sample,
                probe.addressesBeside(TARGET),
                FilterProbe.allPorts(),
                probe.addressesBeside(CLIENT),
                clientPort);
    }
}
