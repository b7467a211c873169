package io.tcpcopy.tcpcopy.doctor;

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
import io.tcpcopy.doctor.firewall.Firewall;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.route.PathSurvey;
import io.tcpcopy.inject.route.TargetPath;
import io.tcpcopy.net.StartException;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.tcpcopy.options.Protocol;
import io.tcpcopy.tcpcopy.options.TcpcopySettings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks at what a copy needs, without copying: nothing is sent but neighbour requests, and a connection to each intercept. */
public final class TcpcopyDoctor {
    /** How long next hops are waited for: all is to be said within three seconds. */
    private static final long PATIENCE_MS = 1800;

    private static final int MB_SHIFT = 20;

    private final TcpcopySettings settings;
    private final Host host;
    private final Capabilities capabilities;

    private TcpcopyDoctor(TcpcopySettings settings, Host host) {
        this.settings = settings;
        this.host = host;
        capabilities = Capabilities.of(host);
    }

    /**
     * Looks at all of it, and says what was found.
     *
     * @return the exit status
     */
    public static int run(TcpcopySettings settings, FindingFormat format, PrintWriter out) {
        Findings findings = findings(settings);
        findings.write(format, out);
        return findings.status();
    }

    /** What there is to be found about settings on this host. */
    public static Findings findings(TcpcopySettings settings) {
        return new TcpcopyDoctor(settings, new ThisHost()).look();
    }

    private Findings look() {
        Settings session = settings.copy().session();
        try (Checkup checkup = new Checkup()) {
            Supplier<Survey> survey = checkup.begin(this::survey);
            Supplier<Firewall> firewall = checkup.begin(() -> Firewall.of(host));
            checkup.add(this::privileges);
            checkup.add(() -> List.of(LibpcapCheck.finding()));
            checkup.add(this::devices);
            checkup.add(this::input);
            checkup.add(() -> List.of(memory(), ClockCheck.finding(host)));
            checkup.add(() -> new BufferCheck(host, capabilities).findings(settings.captures()));
            checkup.add(() -> new WayOutCheck(settings.copy().inject(), settings.protocol(), capabilities, firewall)
                    .findings(session.targets(), survey.get().paths()));
            checkup.add(() -> List.of(ConntrackCheck.finding(host)));
            checkup.add(
                    () -> new ClientAddressCheck(session, settings.returnPath().intercepts()).findings());
            checkup.add(() -> new CopyToItselfCheck(
                            session.transfers(), settings.returnPath().intercepts())
                    .findings(survey.get().paths()));
            checkup.add(() -> targets(survey.get()));
            if (settings.protocol() == Protocol.TCP) {
                checkup.add(() -> new InterceptCheck(settings.returnPath()).findings());
            }
            return checkup.findings();
        }
    }

    private List<Finding> privileges() {
        List<Finding> findings = new ArrayList<>(List.of(capabilities.rawFinding()));
        findings.add(
                capabilities.netAdmin()
                        ? Finding.ok(Code.PRIVILEGE, "CAP_NET_ADMIN is there")
                        : Finding.notChecked(
                                Code.PRIVILEGE,
                                "without CAP_NET_ADMIN, which copying does not need, the kernel shows neither firewall rules nor"
                                        + " IPsec policies",
                                "run the doctor as root"));
        return findings;
    }

    private List<Finding> devices() {
        DeviceCheck check = new DeviceCheck(host);
        List<Finding> findings = new ArrayList<>();
        settings.captures()
                .forEach(capture -> findings.add(capture.isAny() ? check.all() : check.named("-i", capture.device())));
        settings.copy().inject().frames().ifPresent(frames -> findings.add(check.forFrames("-o", frames.device())));
        return findings;
    }

    /** Where packets come from: a file was read by the options. */
    private List<Finding> input() {
        if (settings.offline().isPresent()) {
            return List.of(Finding.ok(
                    Code.NOTHING_CAPTURED, settings.offline().get().file() + " is a capture file with packets"));
        }
        Settings session = settings.copy().session();
        List<Finding> findings = new ArrayList<>(new RequestFilterCheck(settings.protocol(), session.ownAddresses())
                .findings(settings.captures(), session.transfers()));
        findings.addAll(
                new OnlinePortCheck(host, settings.protocol(), session.ownAddresses()).findings(session.transfers()));
        return findings;
    }

    private Finding memory() {
        long bytes = settings.copy().memoryLimitBytes();
        return new MemoryCheck(host, bytes, "-m allows " + (bytes >> MB_SHIFT), "a smaller -m, or ").finding();
    }

    /**
     * The ways to the targets.
     *
     * @param paths one for each target address; none where the kernel does not tell
     * @param failure why there are none
     */
    private record Survey(List<TargetPath> paths, Optional<String> failure) {}

    private Survey survey() {
        if (settings.copy().inject().frames().isPresent()) {
            // No route counts.
            return new Survey(List.of(), Optional.empty());
        }
        try {
            return new Survey(
                    PathSurvey.of(
                            settings.copy().session().targets().stream()
                                    .map(Endpoint::address)
                                    .distinct()
                                    .toList(),
                            PATIENCE_MS),
                    Optional.empty());
        } catch (StartException e) {
            return new Survey(List.of(), Optional.of(e.getMessage()));
        }
    }

    private List<Finding> targets(Survey survey) {
        return survey.failure()
                .map(failure -> List.of(Finding.notChecked(Code.NO_ROUTE_TO_TARGET, failure, "run the doctor as root")))
                .orElseGet(() -> TargetPathCheck.findings(
                        survey.paths(), settings.copy().session().mtu()));
    }
}
