package io.tcpcopy.tcpcopy.collect;

import io.tcpcopy.collect.Report;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.observe.RunningProgram;
import io.tcpcopy.tcpcopy.doctor.TcpcopyDoctor;
import io.tcpcopy.tcpcopy.options.TcpcopySettings;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What belongs to a question about a copy. */
public final class TcpcopyReport {
    private TcpcopyReport() {}

    /**
     * What a report is made of.
     *
     * @param arguments the command line that the settings were read from
     * @param running the copy itself, where it runs
     */
    public static Report of(TcpcopySettings settings, List<String> arguments, Optional<RunningProgram> running) {
        return new Report(
                "tcpcopy",
                TcpcopyReport.class,
                arguments,
                settings.lifeCycle().logFile(),
                setUp(settings),
                () -> TcpcopyDoctor.findings(settings),
                running);
    }

    /** The addresses of -x and -s. */
    private static Set<Address> setUp(TcpcopySettings settings) {
        Set<Address> addresses = new HashSet<>();
        settings.copy().session().transfers().forEach(transfer -> {
            addresses.add(transfer.online().address());
            addresses.add(transfer.target().address());
        });
        settings.returnPath().intercepts().stream().map(Endpoint::address).forEach(addresses::add);
        return addresses;
    }
}
