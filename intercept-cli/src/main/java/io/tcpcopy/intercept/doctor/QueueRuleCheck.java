package io.tcpcopy.intercept.doctor;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.doctor.Capabilities;
import io.tcpcopy.doctor.Host;
import io.tcpcopy.doctor.firewall.Firewall;
import io.tcpcopy.net.netlink.PacketQueue;

/** Whether a firewall rule hands packets to the queue that intercept reads. */
public final class QueueRuleCheck {
    private QueueRuleCheck() {}

    /** What is found, by asking programs for the rules. */
    public static Finding finding(Host host, Capabilities capabilities) {
        if (!capabilities.netAdmin()) {
            return Finding.notChecked(
                    Code.QUEUE_RULE,
                    "firewall rules are shown to those with CAP_NET_ADMIN alone",
                    "run the doctor as root");
        }
        Firewall firewall = Firewall.of(host);
        if (firewall.hasQueue(PacketQueue.NUMBER)) {
            return Finding.ok(
                    Code.QUEUE_RULE, "a firewall rule hands packets that leave to queue " + PacketQueue.NUMBER);
        }
        return firewall.isWhole()
                ? Finding.error(
                        Code.QUEUE_RULE,
                        "no firewall rule hands packets that leave to queue " + PacketQueue.NUMBER
                                + ": responses reach real clients",
                        "iptables -I OUTPUT -p tcp --sport PORT -j NFQUEUE, with the port of the service under test")
                : Finding.notChecked(
                        Code.QUEUE_RULE, "not all firewall rules can be read", "apt-get install nftables iptables");
    }
}
