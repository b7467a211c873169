package io.tcpcopy.tcpcopy.doctor;

import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.doctor.FilterProbe;
import io.tcpcopy.doctor.FilterProbe.Sample;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.tcpcopy.options.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Whether the capture's filter takes what clients send to each online server: packets of clients are made up and tried. */
final class RequestFilterCheck {
    /** Of a network for documentation (RFC 5737): nobody's. */
    private static final Address STRANGER = Address.parse("198.51.100.7").orElseThrow();

    private final Protocol protocol;
    private final Set<Address> ownAddresses;

    RequestFilterCheck(Protocol protocol, Set<Address> ownAddresses) {
        this.protocol = protocol;
        this.ownAddresses = ownAddresses;
    }

    List<Finding> findings(List<CaptureSettings> captures, List<Transfer> transfers) {
        List<Finding> findings = new ArrayList<>();
        for (String filter :
                captures.stream().map(CaptureSettings::filter).distinct().toList()) {
            Optional<FilterProbe> probe = FilterProbe.of(filter);
            if (probe.isEmpty()) {
                findings.add(Finding.notChecked(
                        Code.FILTER_TAKES_NOTHING,
                        "the filter \"" + filter + "\" asks for more than IP headers",
                        "tcpdump -c 10 with the same filter shows whether it takes clients' packets"));
            } else {
                transfers.stream()
                        .map(Transfer::online)
                        .distinct()
                        .forEach(online -> findings.add(finding(filter, probe.get(), online)));
            }
        }
        return findings;
    }

    private Finding finding(String filter, FilterProbe probe, Endpoint online) {
        String taken = "the filter \"" + filter + "\" takes ";
        String to = " to " + (online.address().isAny() ? "port " + online.port() : online);
        if (protocol == Protocol.UDP) {
            return takes(probe, Sample.DATAGRAM, online)
                    ? Finding.ok(Code.FILTER_TAKES_NOTHING, taken + "datagrams" + to)
                    : nothing(taken + "no datagram" + to, online);
        }
        if (takes(probe, Sample.SYN, online)) {
            return Finding.ok(Code.FILTER_TAKES_NOTHING, taken + "connections" + to);
        }
        return takes(probe, Sample.PAYLOAD, online)
                ? Finding.warning(
                        Code.FILTER_TAKES_NOTHING,
                        taken + "requests, but no SYN" + to + ": connections are copied from their first request on",
                        remedy(online))
                : nothing(taken + "nothing" + to, online);
    }

    private Finding nothing(String seen, Endpoint online) {
        return Finding.error(Code.FILTER_TAKES_NOTHING, seen, remedy(online));
    }

    private String remedy(Endpoint online) {
        return "leave -F out: the filter then follows from -x; or -F '"
                + protocol.name().toLowerCase(Locale.ROOT) + " and dst port " + online.port() + "'";
    }

    private boolean takes(FilterProbe probe, Sample sample, Endpoint online) {
        return probe.firstTaken(
                        sample,
                        probe.addressesBeside(STRANGER),
                        probe.clientPorts(online.port()),
                        servers(probe, online),
                        online.port())
                .isPresent();
    }

    /** The addresses that the online server may have. */
    private List<Address> servers(FilterProbe probe, Endpoint online) {
        if (!online.address().isAny()) {
            return List.of(online.address());
        }
        List<Address> servers = new ArrayList<>(probe.addressesBeside(STRANGER));
        ownAddresses.stream().filter(address -> !servers.contains(address)).forEach(servers::add);
        return servers;
    }
}
