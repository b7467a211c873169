package io.tcpcopy.tcpcopy.probe;

import io.tcpcopy.doctor.FindingFormat;
import io.tcpcopy.doctor.Findings;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.route.PathSurvey;
import io.tcpcopy.inject.route.TargetPath;
import io.tcpcopy.net.SocketAddress;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.tcpcopy.options.TcpcopySettings;
import java.io.PrintWriter;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Tries one handshake from each address to each target through the whole way, and says which leg has failed. */
public final class Probe {
    private static final int ALL_ANSWER = 0;
    private static final int A_LEG_FAILS = 1;

    /** Above the ports that Linux gives to connections by itself (ip_local_port_range of ip(7)). */
    private static final int FIRST_PORT = 61_000;

    private static final int PORTS = 65_536 - FIRST_PORT;

    private Probe() {}

    /**
     * Probes, which takes 3 seconds at most, and writes what was found.
     *
     * @param clients the addresses, each once
     * @return the exit status: 0 when all legs answer, 1 when one fails
     * @throws BadInputException when the device for frames cannot be used
     * @throws StartException when something cannot be opened
     */
    public static int run(TcpcopySettings settings, List<Address> clients, PrintWriter out)
            throws BadInputException, StartException {
        List<Handshake> handshakes =
                handshakes(clients, settings.copy().session().targets(), Probe::isOwn);
        try (ProbeParts parts = ProbeParts.ofKernel(settings)) {
            ProbeRun run = new ProbeRun(parts, settings.copy().session(), handshakes);
            announce(handshakes, out);
            run.start();
            parts.loop().run();
            Findings findings =
                    new ProbeFindings(settings.returnPath(), parts.tunnels(), handshakes, Probe::nextHop).all();
            findings.write(FindingFormat.HUMAN, out);
            return findings.status() == Findings.OK ? ALL_ANSWER : A_LEG_FAILS;
        }
    }

    /** The next hop on the way to an address; empty where there is no route, or the kernel does not tell. */
    private static Optional<NextHop> nextHop(Address address) {
        try {
            return PathSurvey.of(List.of(address), 0).stream()
                    .filter(TargetPath::hasRoute)
                    .map(path -> new NextHop(path.nextHopOnDevice(), path.answers()))
                    .findFirst();
        } catch (StartException e) {
            return Optional.empty();
        }
    }

    /** One for each address and target, each with a port of its own. */
    static List<Handshake> handshakes(List<Address> clients, List<Endpoint> targets, Predicate<Address> isOwn) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int number = clients.size() * targets.size();
        int port = FIRST_PORT + random.nextInt(PORTS - number);
        List<Handshake> handshakes = new ArrayList<>();
        for (Endpoint target : targets) {
            for (Address client : clients) {
                handshakes.add(new Handshake(client, port++, target, isOwn.test(client), random.nextInt()));
            }
        }
        return handshakes;
    }

    /** Says before anything is sent who may hear of it. */
    static void announce(List<Handshake> handshakes, PrintWriter out) {
        String foreign = text(handshakes.stream()
                .filter(handshake -> !handshake.isFromOwnAddress())
                .map(Handshake::client));
        if (!foreign.isEmpty()) {
            out.println("one SYN and one RST from " + foreign + " to "
                    + text(handshakes.stream().map(Handshake::target))
                    + ": where the way back is broken, a host that has such an address hears a SYN-ACK");
            out.flush();
        }
    }

    private static String text(Stream<?> values) {
        return values.distinct().map(Object::toString).collect(Collectors.joining(", "));
    }

    private static boolean isOwn(Address address) {
        try {
            return NetworkInterface.getByInetAddress(SocketAddress.inet(address)) != null;
        } catch (SocketException e) {
            // There is no such device.
            return false;
        }
    }
}
