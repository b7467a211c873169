package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Programs;
import io.tcpcopy.lab.RequestRecord;
import io.tcpcopy.lab.Tally;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What tcpcopy's options do to real traffic. */
class OptionsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The target routes it to the assistant like all clients', and nobody has an address of it. */
    private static final String OTHER_CLIENTS = "10.1.9.";

    @RegisterExtension
    private final Lab lab = new Lab();

    private CopiedService service;

    @BeforeEach
    void startIntercept() {
        service = new CopiedService(lab);
        service.startIntercept();
    }

    private Traffic littleTraffic() {
        return service.traffic("little", "--short", "150", "--rate", "150", "--keep-alive", "5", "--requests", "20")
                .complete();
    }

    private static Map<String, List<RequestRecord>> byConnection(List<RequestRecord> requests) {
        return requests.stream().collect(Collectors.groupingBy(OptionsIT::connectionOf));
    }

    private static String connectionOf(RequestRecord request) {
        return request.path().substring(0, request.path().lastIndexOf('/'));
    }

    private static String addressOf(RequestRecord request) {
        return request.client().split(":")[0];
    }

    private static int portOf(RequestRecord request) {
        return Integer.parseInt(request.client().split(":")[1]);
    }

    @Test
    void eachRequestArrivesAsOftenAsCopiesAreAskedFor() {
        service.startTcpcopy("-n", "3");

        Traffic traffic = littleTraffic();

        traffic.assertCopied(3, PATIENCE);
        FinalLedger ledger = service.stopCompleteCopying();
        assertThat(ledger.requests().delivered()).isEqualTo(3L * traffic.sent().size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', value = OTHER_CLIENTS + "1," + OTHER_CLIENTS + "2 2")
    void theTargetSeesTheGivenClientAddressesEachInPlaceOfTheSameClients(String list, int atLeast) {
        service.startTcpcopy("-c", list);

        Traffic traffic = littleTraffic();

        traffic.assertCopiedExactly(PATIENCE);
        Map<String, String> clients =
                traffic.sent().stream().collect(Collectors.toMap(RequestRecord::path, OptionsIT::addressOf));
        Map<String, Set<String>> addresses = traffic.arrivedAt(Host.TARGET).stream()
                .collect(Collectors.groupingBy(
                        request -> clients.get(request.path()),
                        Collectors.mapping(OptionsIT::addressOf, Collectors.toSet())));
        assertThat(addresses.values())
                .allSatisfy(ofOneClient -> assertThat(ofOneClient).hasSize(1));
        assertThat(addresses.values().stream().flatMap(Set::stream).collect(Collectors.toSet()))
                .hasSizeGreaterThanOrEqualTo(atLeast)
                .allMatch(address -> address.startsWith(OTHER_CLIENTS));
        service.stopCopying();
    }

    /** A hash chooses: two of thirty clients may have the same. */
    @Tag("long")
    @Test
    void theTargetSeesManyAddressesOfANet() {
        theTargetSeesTheGivenClientAddressesEachInPlaceOfTheSameClients(OTHER_CLIENTS + "x", 20);
    }

    @Test
    void aClientOnLoopbackGetsTheGivenAddress() {
        String address = OTHER_CLIENTS + "77";
        WebServer local = WebServer.start(lab, Host.ONLINE, "127.0.0.1", CopiedService.PORT)
                .awaitListening();
        service.startTcpcopy("-H", address);

        WebClients clients = WebClients.start(
                lab,
                Host.ONLINE,
                "loopback",
                "127.0.0.1:" + CopiedService.PORT,
                "127.0.0.1",
                "--short",
                "100",
                "--rate",
                "100",
                "--keep-alive",
                "2",
                "--requests",
                "20");
        clients.complete();

        List<RequestRecord> sent = clients.sent();
        assertThat(Tally.of(sent, local.requests())).matches(Tally::isExact);
        Waiting.holdsWithin(PATIENCE, () -> service.arrivedAtTarget().size() >= sent.size());
        assertThat(Tally.of(sent, service.arrivedAtTarget())).matches(Tally::isExact);
        assertThat(service.arrivedAtTarget())
                .allSatisfy(request -> assertThat(addressOf(request)).isEqualTo(address));
        service.stopCopying();
    }

    @Test
    void aPercentageOfTheConnectionsIsCopiedEachWhole() {
        int connections = 3000;
        int requests = 2;
        service.startTcpcopy("-r", "30");

        Traffic traffic = service.traffic(
                        "sampled",
                        "--keep-alive",
                        "" + connections,
                        "--keep-alive-rate",
                        "500",
                        "--requests",
                        "" + requests)
                .complete();

        Waiting.until("those that are copied are complete", PATIENCE, () -> {
            Map<String, List<RequestRecord>> copied = byConnection(traffic.arrivedAt(Host.TARGET));
            return copied.size() >= connections * 27 / 100
                    && copied.values().stream().allMatch(ofOne -> ofOne.size() == requests);
        });
        FinalLedger ledger = service.stopCopying();
        List<RequestRecord> arrived = traffic.arrivedAt(Host.TARGET);
        assertThat(Tally.of(traffic.sent(), arrived).withoutLost()).matches(Tally::isExact);
        assertThat(byConnection(arrived).size()).isBetween(connections * 27 / 100, connections * 33 / 100);
        assertThat(ledger.requests().captured()).isLessThanOrEqualTo((long) connections * requests * 33 / 100);
    }

    @Tag("long")
    @Test
    void graduallyMoreOfTheRunningConnectionsJoin() {
        int connections = 600;
        int fewConnections = connections * 5 / 100;
        service.startTcpcopy("-g");

        long startNs = System.nanoTime();
        Traffic traffic =
                service.traffic("rising", "--keep-alive", "" + connections, "--requests", "10", "--pause", "1000");
        Waiting.until(
                "more than a few have joined",
                PATIENCE,
                () -> byConnection(traffic.arrivedAt(Host.TARGET)).size() > fewConnections);
        Duration untilJoined = Duration.ofNanos(System.nanoTime() - startNs);
        traffic.complete();

        assertThat(untilJoined).as("one percent a second").isGreaterThan(Duration.ofSeconds(2));
        Waiting.until(
                "those that have joined are copied from then on",
                PATIENCE,
                () -> joinedConnectionsMissNothing(traffic));
        assertThat(traffic.arrivedAt(Host.TARGET))
                .filteredOn(request -> request.path().endsWith("/0"))
                .as("connections that were copied from their beginning")
                .hasSizeLessThan(fewConnections);
        service.stopCopying();
    }

    private static boolean joinedConnectionsMissNothing(Traffic traffic) {
        List<RequestRecord> arrived = traffic.arrivedAt(Host.TARGET);
        Set<String> joined = byConnection(arrived).keySet();
        List<RequestRecord> sentOnThese = traffic.sent().stream()
                .filter(request -> joined.contains(connectionOf(request)))
                .toList();
        return Tally.fromFirstArrivalOn(sentOnThese, arrived).isExact();
    }

    @Test
    void withOnlyWholeSessionsConnectionsThatWereOpenBeforeAreLeftOut() {
        Traffic before = service.traffic("before", "--keep-alive", "10", "--requests", "1000", "--pause", "20");
        before.waitUntilServed(50);
        service.startTcpcopy("-O");

        littleTraffic().assertCopiedExactly(PATIENCE);

        before.waitUntilServedMore(50);
        assertThat(before.arrivedAt(Host.TARGET)).isEmpty();
    }

    @Test
    void twoTcpcopysWithDifferentShiftsCopyTheSameTrafficWithoutCollision() {
        HostProcess first = service.startTcpcopy("-f", "1");
        HostProcess second = service.startTcpcopy("-f", "2");
        second.waitForOutput("tcpcopy started", PATIENCE);

        Traffic traffic = littleTraffic();

        traffic.assertCopied(2, PATIENCE);
        FinalLedger.awaitDelivery(first);
        first.endInPeace();
        FinalLedger.parse(first.output()).assertNothingMissing();
        service.stopCompleteCopying();
        assertThat(first.output() + second.output()).doesNotContain("port changed");
        assertShiftedBy2048AndMore(traffic);
    }

    private static void assertShiftedBy2048AndMore(Traffic traffic) {
        Map<String, Integer> ports =
                traffic.sent().stream().collect(Collectors.toMap(RequestRecord::path, OptionsIT::portOf));
        Map<Integer, Set<Integer>> shifts = new HashMap<>();
        for (RequestRecord request : traffic.arrivedAt(Host.TARGET)) {
            int shift = Math.floorMod(portOf(request) - ports.get(request.path()), 65536 - 1024);
            shifts.computeIfAbsent(shift / 2048, factor -> new HashSet<>()).add(shift % 2048);
        }
        assertThat(shifts).containsOnlyKeys(1, 2);
        assertThat(shifts.values())
                .allSatisfy(random -> assertThat(random)
                        .singleElement()
                        .satisfies(number -> assertThat(number).isLessThan(512)));
    }

    @Test
    void onlyWhatTheFilterTakesIsCopied() {
        String client = lab.address("CLIENT_PREFIX") + ".1";
        service.startTcpcopy("-F", "tcp and dst port " + CopiedService.PORT + " and src host " + client);

        Traffic traffic = littleTraffic();

        List<RequestRecord> ofClient = traffic.sent().stream()
                .filter(request -> addressOf(request).equals(client))
                .toList();
        Waiting.holdsWithin(PATIENCE, () -> traffic.arrivedAt(Host.TARGET).size() >= ofClient.size());
        service.stopCopying();
        assertThat(Tally.of(ofClient, traffic.arrivedAt(Host.TARGET))).matches(Tally::isExact);
    }

    @Test
    void longerPacketsThanAreCapturedAreCountedAndNotCopied() {
        HostProcess tcpcopy = service.startTcpcopy("-S", "200");

        service.traffic("long", "--short", "20", "--rate", "100", "--body", "1000")
                .complete();

        // Once this arrives, all before it was captured.
        service.traffic("brief", "--short", "20", "--rate", "100").complete().assertCopiedExactly(PATIENCE);
        FinalLedger.awaitDelivery(tcpcopy);
        FinalLedger ledger = service.stopCopying();
        assertThat(tcpcopy.output()).containsPattern("truncated:20\\b");
        assertThat(ledger.requests().delivered()).isEqualTo(20);
    }

    @Test
    void moreThanTheMemoryLimitResidentEndsTheProgramWithOneLine() {
        List<String> command = new ArrayList<>(Programs.OURS.tcpcopy());
        command.addAll(List.of("-x", "8080-" + lab.address("TARGET") + ":8080", "-s", lab.address("ASSISTANT")));
        // The ring belongs to the process as well.
        command.addAll(List.of("-B", "2047", "-m", "200"));

        HostProcess tcpcopy = lab.start("tcpcopy", Host.ONLINE, command.toArray(String[]::new));

        assertThat(tcpcopy.waitFor(PATIENCE)).isEqualTo(1);
        assertThat(tcpcopy.output().lines())
                .filteredOn(line -> line.startsWith("tcpcopy: "))
                .singleElement()
                .asString()
                .matches("tcpcopy: TC616: the memory limit is exceeded: \\d+ MB are resident, and -m allows 200");
    }
}
