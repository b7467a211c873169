package io.tcpcopy.intercept.collect;

import io.tcpcopy.collect.Report;
import io.tcpcopy.intercept.doctor.InterceptDoctor;
import io.tcpcopy.intercept.options.InterceptSettings;
import io.tcpcopy.observe.RunningProgram;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What belongs to a question about an intercept. */
public final class InterceptReport {
    private InterceptReport() {}

    /**
     * What a report is made of. No address stays whole: those on the command line are of clients, or of whoever may connect.
     *
     * @param arguments the command line that the settings were read from
     * @param running the program itself, where it runs
     */
    public static Report of(InterceptSettings settings, List<String> arguments, Optional<RunningProgram> running) {
        return new Report(
                "intercept",
                InterceptReport.class,
                arguments,
                settings.lifeCycle().logFile(),
                Set.of(),
                () -> InterceptDoctor.findings(settings),
                running);
    }
}
