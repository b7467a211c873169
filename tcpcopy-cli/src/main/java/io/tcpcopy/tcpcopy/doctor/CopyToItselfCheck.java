package io.tcpcopy.tcpcopy.doctor;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.route.TargetPath;
import io.tcpcopy.session.base.Transfer;
import java.util.List;

/** Whether a target is another host than this one, and no copy is copied again. */
final class CopyToItselfCheck {
    private final List<Transfer> transfers;
    private final List<Endpoint> intercepts;

    CopyToItselfCheck(List<Transfer> transfers, List<Endpoint> intercepts) {
        this.transfers = transfers;
        this.intercepts = intercepts;
    }

    List<Finding> findings(List<TargetPath> paths) {
        return transfers.stream()
                .map(transfer -> finding(
                        transfer,
                        paths.stream()
                                .anyMatch(path -> path.isLocal()
                                        && path.target()
                                                .equals(transfer.target().address()))))
                .distinct()
                .toList();
    }

    private Finding finding(Transfer transfer, boolean isLocal) {
        Endpoint target = transfer.target();
        if (!isLocal) {
            return Finding.ok(Code.COPIES_TO_ITSELF, "the target " + target + " is another host");
        }
        if (target.port() == transfer.online().port()
                && (transfer.online().address().isAny() || transfer.online().equals(target))) {
            return Finding.error(
                    Code.COPIES_TO_ITSELF,
                    "the target " + target + " is this host and its online port: nothing can be copied",
                    "-x names the test server behind the dash: "
                            + transfer.online().port() + "-TESTSERVER:" + target.port());
        }
        if (target.address().isLoopback()) {
            return Finding.warning(
                    Code.NOT_LOCAL,
                    "the target " + target + " takes copies of clients on this host alone",
                    "name it by another address of this host");
        }
        if (intercepts.stream().anyMatch(end -> end.address().equals(target.address()))) {
            return Finding.ok(
                    Code.COPIES_TO_ITSELF,
                    "the target " + target + " is this host, where intercept --traditional is to stop its answers");
        }
        return Finding.warning(
                Code.COPIES_TO_ITSELF,
                "the target " + target
                        + " is this host itself: unless something stops its answers, they reach real clients",
                "copy to another host, or run intercept --traditional here with its firewall rule");
    }
}
