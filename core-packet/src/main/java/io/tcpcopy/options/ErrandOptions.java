package io.tcpcopy.options;

import io.tcpcopy.doctor.FindingFormat;
import io.tcpcopy.options.NeedlessSwitches.AttachedValue;
import java.io.File;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What both programs can do instead of running, as a picocli mixin. */
public final class ErrandOptions {
    private static final String DOCTOR = "--doctor";
    private static final String REPORT = "--report";

    @Option(
            names = DOCTOR,
            arity = "0..1",
            preprocessor = AttachedValue.class,
            paramLabel = "FORMAT",
            order = 800,
            description =
                    "Look at the set-up instead of running, with the same arguments, and end: 0, 1 with warnings, 2 with"
                            + " errors. Nothing is sent but neighbour requests and a connection of tcpcopy's to each intercept."
                            + " --doctor=short says only what is not ok, --doctor=json all for programs.")
    private String doctor;

    @Option(
            names = REPORT,
            paramLabel = "FILE",
            order = 802,
            description =
                    "Collect what belongs to a question about this host in FILE, a new tar.gz, instead of running: versions,"
                            + " options, findings, routes, rules, settings of the kernel, the end of the log (-l); no payload, and"
                            + " addresses other than those of -x and -s of tcpcopy without their last number."
                            + " SIGUSR2 has a running program write one, with its numbers.")
    private File report;

    /**
     * What is asked for.
     *
     * @throws BadInputException when a value is wrong, or both are asked for
     */
    public Optional<Errand> errand() throws BadInputException {
        if (doctor != null && report != null) {
            throw BadInputException.unfit(REPORT, "not beside " + DOCTOR + ", which it has the findings of");
        }
        if (report != null) {
            return Optional.of(
                    new Errand.Report(OptionValue.of(REPORT, report.getPath()).path()));
        }
        return doctor == null ? Optional.empty() : Optional.of(new Errand.Doctor(format()));
    }

    private FindingFormat format() throws BadInputException {
        if (doctor.isEmpty()) {
            return FindingFormat.HUMAN;
        }
        return Arrays.stream(FindingFormat.values())
                .filter(format -> format != FindingFormat.HUMAN && format.name().equalsIgnoreCase(doctor))
                .findFirst()
                .orElseThrow(() -> BadInputException.value(DOCTOR, doctor, "short or json"));
    }
}
