package io.tcpcopy.options;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where both programs show themselves while they run, as a picocli mixin. */
public final class MetricsOptions {
    private static final String METRICS = "--metrics";
    private static final char PORT_SEPARATOR = ':';

    @Option(
            names = METRICS,
            paramLabel = "[ADDR:]PORT",
            order = 850,
            description =
                    "Show numbers, findings and a status page over HTTP on this port while running, for Prometheus and for"
                            + " browsers. Without ADDR for this host alone, at 127.0.0.1; whoever reaches ADDR, an IPv4 address of this"
                            + " host or 0.0.0.0 for all of them, can read them. Default: not at all.")
    private String metrics;

    /**
     * Where it is asked for, beside an endpoint on which the program listens for something else.
     *
     * @param why what is to be said of that endpoint where both are the same
     * @throws BadInputException when the value is wrong, or both are the same
     */
    public Optional<Endpoint> endpointBeside(Endpoint other, String why) throws BadInputException {
        Optional<Endpoint> endpoint = endpoint();
        if (endpoint.isPresent() && overlap(endpoint.get(), other)) {
            throw OptionValue.of(METRICS, metrics).refused(why);
        }
        return endpoint;
    }

    private static boolean overlap(Endpoint one, Endpoint other) {
        boolean sameAddress = one.address().equals(other.address());
        boolean oneIsAny = one.address().isAny() || other.address().isAny();
        return one.port() == other.port() && (sameAddress || oneIsAny);
    }

    /**
     * Where it is asked for; address 0 stands for all addresses.
     *
     * @throws BadInputException when the value is wrong
     */
    public Optional<Endpoint> endpoint() throws BadInputException {
        if (metrics == null) {
            return Optional.empty();
        }
        OptionValue value = OptionValue.of(METRICS, metrics);
        int colon = metrics.indexOf(PORT_SEPARATOR);
        try {
            Address address = colon < 0
                    ? Address.LOOPBACK
                    : Address.parse(metrics.substring(0, colon)).orElseThrow(() -> value.wrong(""));
            return Optional.of(new Endpoint(
                    address, value.part(colon + 1, metrics.length()).port()));
        } catch (BadInputException e) {
            throw value.wrong("[ADDR:]PORT, such as 9464 or 10.0.0.1:9464");
        }
    }
}
