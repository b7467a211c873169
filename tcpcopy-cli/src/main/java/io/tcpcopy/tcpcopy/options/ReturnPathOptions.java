package io.tcpcopy.tcpcopy.options;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.CommonOptions;
import io.tcpcopy.options.OptionValue;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.tcpcopy.returnpath.ReturnPathSettings;
import io.tcpcopy.tunnel.TunnelMode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options for the intercepts that responses come back through, as a picocli mixin. */
final class ReturnPathOptions {
    private static final int MAX_INTERCEPTS = 32;
    private static final int MAX_CONNECTIONS = 11;

    @Option(
            names = {"-s", "--intercept"},
            paramLabel = "LIST",
            description = "The intercepts, comma-separated ip[:port], at most " + MAX_INTERCEPTS
                    + ". Default: one on each target (intercept --traditional); none with " + TcpcopyOptions.UDP + ".")
    private String intercepts;

    @Option(
            names = "-p",
            paramLabel = "NUM",
            defaultValue = CommonOptions.INTERCEPT_PORT,
            description = "Port of the intercepts that -s gives no port for. Default: ${DEFAULT-VALUE}.")
    private String interceptPort;

    @Option(
            names = "-C",
            paramLabel = "NUM",
            defaultValue = "2",
            description = "Connections to each intercept, 1 to " + MAX_CONNECTIONS
                    + ". One carries 65,536 sessions, then the" + " next one does. Default: ${DEFAULT-VALUE}.")
    private String connections;

    @Option(
            names = "-L",
            description =
                    "Lonely: start and keep running while no intercept can be reached, and reconnect. Without it the"
                            + " program ends when the last intercept is lost.")
    private boolean lonely;

    /**
     * The way back.
     *
     * @param udp whether UDP is copied, which has none unless it is asked for
     * @throws BadInputException when an option cannot have its value, or the targets are more than intercepts can be
     */
    ReturnPathSettings settings(List<Transfer> transfers, boolean udp, TunnelMode mode) throws BadInputException {
        int port = OptionValue.of("-p", interceptPort).port();
        boolean onTargets = intercepts == null && !udp;
        return new ReturnPathSettings(
                onTargets ? onTargets(transfers, port) : namedIntercepts(port),
                onTargets,
                OptionValue.of("-C", connections).number(1, MAX_CONNECTIONS),
                mode,
                lonely);
    }

    private static List<Endpoint> onTargets(List<Transfer> transfers, int port) throws BadInputException {
        List<Endpoint> endpoints = transfers.stream()
                .map(transfer -> new Endpoint(transfer.target().address(), port))
                .distinct()
                .toList();
        if (endpoints.size() > MAX_INTERCEPTS) {
            throw BadInputException.missing("-s", "where -x names more than " + MAX_INTERCEPTS + " targets");
        }
        return endpoints;
    }

    private List<Endpoint> namedIntercepts(int defaultPort) throws BadInputException {
        List<Endpoint> endpoints = new ArrayList<>();
        if (intercepts == null) {
            return endpoints;
        }
        for (OptionValue part : OptionValue.of("-s", intercepts).list(MAX_INTERCEPTS)) {
            Endpoint endpoint = part.endpoint(defaultPort);
            if (endpoints.contains(endpoint)) {
                throw part.wrong("each intercept once");
            }
            endpoints.add(endpoint);
        }
        return endpoints;
    }
}
