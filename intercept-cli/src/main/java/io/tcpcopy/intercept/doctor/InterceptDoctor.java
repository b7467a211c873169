package io.tcpcopy.intercept.doctor;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.doctor.Capabilities;
import io.tcpcopy.doctor.Checkup;
import io.tcpcopy.doctor.ClockCheck;
import io.tcpcopy.doctor.DeviceCheck;
import io.tcpcopy.doctor.FindingFormat;
import io.tcpcopy.doctor.Findings;
import io.tcpcopy.doctor.Host;
import io.tcpcopy.doctor.LibpcapCheck;
import io.tcpcopy.doctor.MemoryCheck;
import io.tcpcopy.doctor.ThisHost;
import io.tcpcopy.intercept.options.InterceptSettings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Looks at what intercept needs, without capturing: nothing is sent. */
public final class InterceptDoctor {
    /** With as many routes as it holds, and full queues to tcpcopys that do not read. */
    private static final long MEMORY_BYTES = 256L << 20;

    private final InterceptSettings settings;
    private final Host host;
    private final Capabilities capabilities;

    private InterceptDoctor(InterceptSettings settings, Host host) {
        this.settings = settings;
        this.host = host;
        capabilities = Capabilities.of(host);
    }

    /**
     * Looks at all of it, and says what was found.
     *
     * @return the exit status
     */
    public static int run(InterceptSettings settings, FindingFormat format, PrintWriter out) {
        Findings findings = findings(settings);
        findings.write(format, out);
        return findings.status();
    }

    /** What there is to be found about settings on this host. */
    public static Findings findings(InterceptSettings settings) {
        return new InterceptDoctor(settings, new ThisHost()).look();
    }

    private Findings look() {
        try (Checkup checkup = new Checkup()) {
            checkup.add(() -> List.of(privilege(), LibpcapCheck.finding()));
            checkup.add(this::devices);
            checkup.add(() -> List.of(memory(), ClockCheck.finding(host)));
            checkup.add(this::responses);
            checkup.add(() -> List.of(new ListenCheck(host).finding(settings.listen())));
            return checkup.findings();
        }
    }

    private boolean isTraditional() {
        return settings.queue().isPresent();
    }

    private Finding privilege() {
        if (!isTraditional()) {
            return capabilities.rawFinding();
        }
        return capabilities.netAdmin()
                ? Finding.ok(Code.PRIVILEGE, "CAP_NET_ADMIN is there")
                : Finding.error(
                        Code.PRIVILEGE,
                        "CAP_NET_ADMIN is missing: netfilter's queue cannot be read",
                        Capabilities.remedy("CAP_NET_ADMIN"));
    }

    private List<Finding> devices() {
        DeviceCheck check = new DeviceCheck(host);
        return settings.captures().stream()
                .map(capture -> capture.isAny() ? check.all() : check.named("-i", capture.device()))
                .toList();
    }

    private Finding memory() {
        return new MemoryCheck(host, MEMORY_BYTES, "intercept takes 256 at most", "").finding();
    }

    private List<Finding> responses() {
        if (isTraditional()) {
            List<Finding> findings = new ArrayList<>(new ReversePathCheck(host).findings());
            findings.add(QueueRuleCheck.finding(host, capabilities));
            return findings;
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(new ForwardingCheck(host, settings.captures()).finding());
        findings.addAll(ResponseFilterCheck.findings(settings.captures()));
        return findings;
    }
}
