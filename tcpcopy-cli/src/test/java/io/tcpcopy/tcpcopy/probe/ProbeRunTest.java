package io.tcpcopy.tcpcopy.probe;

import static io.tcpcopy.tcpcopy.probe.ProbedWorld.CLIENT;
import static io.tcpcopy.tcpcopy.probe.ProbedWorld.INTERCEPT;
import static io.tcpcopy.tcpcopy.probe.ProbedWorld.ONLINE;
import static io.tcpcopy.tcpcopy.probe.ProbedWorld.OTHER_CLIENT;
import static io.tcpcopy.tcpcopy.probe.ProbedWorld.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.diagnosis.Level;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.intercept.serve.InterceptService;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.StreamListener;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.tcpcopy.copy.ProgramsInMemory;
import io.tcpcopy.tcpcopy.returnpath.Intercepts;
import io.tcpcopy.tcpcopy.returnpath.ReturnPathSettings;
import io.tcpcopy.tunnel.TunnelMode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each leg that can fail is named, with one SYN and one RST for each address. No root, no sockets, no time but the test's. */
class ProbeRunTest {
    /** As many handshakes as there can be: 64 addresses to 64 targets. */
    private static final int MANY = 4096;

    private static final long ANSWER_AWAITED_NS = TimeUnit.SECONDS.toNanos(1);

    private final ProbedWorld probe = new ProbedWorld();

    private static Finding only(List<Finding> findings, Code code) {
        List<Finding> found =
                findings.stream().filter(finding -> finding.code() == code).toList();
        assertThat(found).as("%s", findings).hasSize(1);
        return found.get(0);
    }

    private void assertOneSynAndOneRstLeft() {
        assertThat(probe.sent.values())
                .allSatisfy(segments -> assertThat(segments).containsExactly("S 0", "R 1"));
    }

    // --------------------------------------------------------------------------------------------------- answers

    @Test
    void anAnswerIsWhatItShouldBeAndTheConnectionIsResetAtOnce() {
        probe.target = ProbedWorld::accepting;
        probe.begin(CLIENT);
        assertThat(probe.path.open).singleElement().asString().matches("10.1.9.9:6\\d{4} > 10.0.0.2:8080");
        List<Finding> findings = probe.end();

        assertThat(findings).allMatch(finding -> finding.level() == Level.OK);
        assertThat(only(findings, Code.NOTHING_COMES_BACK).seen())
                .matches("10.1.9.9:6\\d{4} > 10.0.0.2:8080: answered after 2.0 ms");
        assertOneSynAndOneRstLeft();
        assertThat(probe.unrouted).isEmpty();
        assertThat(probe.path.open).isEmpty();
    }

    @Test
    void eachAddressIsTriedByItself() {
        probe.target = (world, flow) -> flow.isFrom(CLIENT) ? ProbedWorld.accepting(world, flow) : null;

        List<Finding> findings = probe.probe(CLIENT, OTHER_CLIENT);

        assertThat(findings)
                .filteredOn(finding -> finding.code() == Code.NOTHING_COMES_BACK)
                .extracting(Finding::level)
                .containsExactly(Level.OK, Level.ERROR);
        assertThat(probe.sent).containsOnlyKeys(CLIENT, OTHER_CLIENT);
        assertOneSynAndOneRstLeft();
    }

    @Test
    void theAnswerComesBackThroughAnIntercept() throws Exception {
        ProgramsInMemory programs = new ProgramsInMemory(probe.world, probe.world::nowNs, packet -> {});
        InterceptService intercept = programs.intercept();
        intercept.start(() -> {});
        probe.target = (world, flow) -> {
            programs.targetsDevice()
                    .capture(ProbedWorld.accepting(world, flow).limit(40).slice());
            return null;
        };
        probe.begin(List.of(new Tunnel(INTERCEPT, tunnel())), CLIENT);

        assertThat(probe.end()).hasSize(2).allMatch(finding -> finding.level() == Level.OK);
        assertOneSynAndOneRstLeft();
    }

    private Intercepts tunnel() {
        return new Intercepts(
                probe.loop,
                probe.online,
                new ReturnPathSettings(List.of(INTERCEPT), false, 1, TunnelMode.DEFAULT, false));
    }

    @Test
    void aRefusalIsNamed() {
        probe.target = ProbedWorld::refusing;

        Finding finding = only(probe.probe(CLIENT), Code.TARGET_REFUSES);

        assertThat(finding.level()).isEqualTo(Level.ERROR);
        assertThat(finding.seen()).contains("refused (RST) after 2.0 ms");
        assertOneSynAndOneRstLeft();
    }

    @Test
    void anAnswerOfAnotherAddressIsNamedWithIt() {
        Endpoint elsewhere = Endpoint.ipv4(0x0A000009, 8080);
        probe.target = (world, flow) -> world.answer(flow, elsewhere, TcpHeader.SYN | TcpHeader.ACK, 0);

        Finding finding = only(probe.probe(CLIENT), Code.ANSWERED_ELSEWHERE);

        assertThat(finding.seen()).contains("answered by 10.0.0.9:8080");
        assertOneSynAndOneRstLeft();
    }

    @Test
    void withDnatTheAddressMayBeAnotherButNotThePort() {
        probe.dnat = true;
        Endpoint elsewhere = Endpoint.ipv4(0x0A000009, 8080);
        probe.target = (world, flow) -> world.answer(
                flow,
                flow.isFrom(CLIENT) ? elsewhere : Endpoint.ipv4(0x0A000002, 8081),
                TcpHeader.SYN | TcpHeader.ACK,
                0);

        List<Finding> findings = probe.probe(CLIENT, OTHER_CLIENT);

        assertThat(only(findings, Code.NOTHING_COMES_BACK).level()).isEqualTo(Level.OK);
        assertThat(only(findings, Code.ANSWERED_ELSEWHERE).seen()).contains("answered by 10.0.0.2:8081");
    }

    @ParameterizedTest
    @CsvSource({"16, 0", "18, 700", "20, 700"})
    void anAnswerForAnOlderConnectionIsNone(int flags, int acknowledgedMore) {
        probe.target = (world, flow) -> world.answer(flow, TARGET, flags, acknowledgedMore);

        assertThat(only(probe.probe(CLIENT), Code.TARGET_IGNORES_RESETS).level())
                .isEqualTo(Level.WARNING);
    }

    @Test
    void silenceIsSaidToHaveSeveralCausesAndResetAfterASecond() {
        probe.begin(CLIENT);
        probe.world.pass(ANSWER_AWAITED_NS - 2);
        assertThat(probe.sent.get(CLIENT)).containsExactly("S 0");
        probe.world.pass(2);
        assertOneSynAndOneRstLeft();

        Finding finding = only(probe.end(), Code.NOTHING_COMES_BACK);
        assertThat(finding.seen()).contains("did not get the SYN, did not answer it, or its answer did not reach");
        assertThat(finding.remedy())
                .contains("scripts/doctor-target", "tcpdump -ni any 'tcp port 8080 and host 10.1.9.9'");
    }

    @Test
    void aResponseForAnotherClientAtThePortIsNoAnswer() {
        probe.target = (world, flow) -> {
            ByteBuffer answer = ProbedWorld.accepting(world, flow);
            new Ipv4Header().wrap(answer, 0).destination(OTHER_CLIENT.bits());
            return answer;
        };

        assertThat(only(probe.probe(CLIENT), Code.NOTHING_COMES_BACK).level()).isEqualTo(Level.ERROR);
    }

    @Test
    void itTakesThreeSecondsAtMostHoweverManyAddressesThereAre() {
        long beginNs = probe.world.nowNs();
        probe.sink.ready = false;

        probe.probe(IntStream.range(0, MANY)
                .mapToObj(i -> Address.ipv4(CLIENT.bits() + i))
                .toArray(Address[]::new));

        assertThat(probe.sent).hasSize(MANY);
        assertThat(probe.world.nowNs() - beginNs).isLessThan(TimeUnit.SECONDS.toNanos(3));
    }

    // -------------------------------------------------------------------------------------------------- not sent

    @ParameterizedTest
    @CsvSource({
        "NEXT_HOP_SILENT, 0, NEXT_HOP_SILENT, the next hop 10.0.0.2 on back does not answer",
        "TARGET_CLOSED, 0, FIREWALL_OUT, this host's firewall or NAT",
        "FAILED, 1, FIREWALL_OUT, Operation not permitted (EPERM)",
        "FAILED, 101, NO_ROUTE_TO_TARGET, there is no route",
        "FAILED, 100, INJECTION_REFUSED, the kernel refuses it: Network is down (ENETDOWN)",
        "DROPPED, 0, DEVICE_FULL, the device takes no packets"
    })
    void whatKeepsTheSynOnThisHostIsNamed(InjectCounter fate, int errno, Code code, String words) {
        probe.sink.fate = fate;
        probe.sink.errno = errno;

        Finding finding = only(probe.probe(CLIENT), code);

        assertThat(finding.level()).isEqualTo(Level.ERROR);
        assertThat(finding.seen()).contains("not sent: ", words);
        assertThat(probe.path.open).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"NEXT_HOP_SILENT", "TARGET_CLOSED"})
    void withoutARouteThatIsTheReason(InjectCounter fate) {
        probe.sink.fate = fate;
        probe.nextHop = Optional.empty();

        only(probe.probe(CLIENT), Code.NO_ROUTE_TO_TARGET);
    }

    /** The raw socket's watch sends no test packet before the next hop has answered. */
    @Test
    void aTargetThatIsClosedForItsNextHopIsNotClosedForAFirewall() {
        probe.sink.fate = InjectCounter.TARGET_CLOSED;
        probe.nextHop = Optional.of(new NextHop("10.0.0.254 on back", false));

        assertThat(only(probe.probe(CLIENT), Code.NEXT_HOP_SILENT).seen()).contains("10.0.0.254 on back");
    }

    @Test
    void aSynThatLeavesAsSomethingElseIsNotSent() {
        probe.begin(CLIENT);
        probe.sink.fate = InjectCounter.TARGET_CLOSED;

        only(probe.end(), Code.FIREWALL_OUT);
    }

    @Test
    void aDeviceThatTakesNothingIsNamed() {
        probe.sink.fate = null;

        assertThat(only(probe.probe(CLIENT), Code.DEVICE_FULL).seen())
                .contains("not sent: the device takes no packets");
        assertThat(probe.sent).isEmpty();
    }

    @Test
    void aSynThatHadToWaitAndLeftIsAnsweredAsAnyOther() {
        probe.target = ProbedWorld::accepting;
        probe.sink.fate = null;
        probe.begin(CLIENT);
        probe.sink.fate = InjectCounter.SENT;

        assertThat(only(probe.end(), Code.NOTHING_COMES_BACK).level()).isEqualTo(Level.OK);
    }

    @Test
    void theNextHopIsWaitedForBeforeAnythingLeaves() {
        probe.target = ProbedWorld::accepting;
        probe.sink.ready = false;
        probe.begin(CLIENT);
        probe.world.pass(ANSWER_AWAITED_NS);
        assertThat(probe.sent).isEmpty();
        probe.sink.ready = true;

        assertThat(probe.end()).allMatch(finding -> finding.level() == Level.OK);
    }

    // ------------------------------------------------------------------------------------------------ the tunnel

    @Test
    void withoutAnyInterceptNothingIsSent() {
        probe.begin(List.of(new Tunnel(INTERCEPT, tunnel())), CLIENT);
        List<Finding> findings = probe.end();

        assertThat(only(findings, Code.INTERCEPT_REFUSES).seen())
                .isEqualTo("intercept 10.0.0.3:36524: Connection refused");
        assertThat(only(findings, Code.NOTHING_COMES_BACK).level()).isEqualTo(Level.NOT_CHECKED);
        assertThat(probe.sent).isEmpty();
    }

    @Test
    void anInterceptThatSaysNothingIsUnreachable() {
        probe.path = TestPath.silent();

        List<Finding> findings = probe.probe(CLIENT);

        assertThat(only(findings, Code.INTERCEPT_UNREACHABLE).level()).isEqualTo(Level.ERROR);
        assertThat(probe.sent).isEmpty();
    }

    @Test
    void ofSeveralInterceptsTheOneIsNamedThatIsNotThere() {
        probe.target = ProbedWorld::accepting;
        probe.begin(
                List.of(new Tunnel(INTERCEPT, probe.path), new Tunnel(Endpoint.ipv4(0x0A00000D, 36524), tunnel())),
                CLIENT);
        List<Finding> findings = probe.end();

        assertThat(only(findings, Code.INTERCEPT_UNREACHABLE).level()).isEqualTo(Level.OK);
        assertThat(only(findings, Code.INTERCEPT_REFUSES).level()).isEqualTo(Level.ERROR);
        assertThat(only(findings, Code.NOTHING_COMES_BACK).level()).isEqualTo(Level.OK);
    }

    @ParameterizedTest
    @EnumSource(names = {"INTERCEPT_CLOSES", "MODES_DIFFER"})
    void anInterceptThatIsLostMeanwhileIsNamedInPlaceOfTheSilence(Code code) {
        probe.begin(CLIENT);
        probe.path.goDown(code, "intercept " + INTERCEPT + ": lost");
        List<Finding> findings = probe.end();

        assertThat(only(findings, code).level()).isEqualTo(Level.ERROR);
        assertThat(only(findings, Code.NOTHING_COMES_BACK).level()).isEqualTo(Level.NOT_CHECKED);
    }

    // ---------------------------------------------------------------------------------------------- own addresses

    private StreamListener service() throws StartException {
        return probe.world.host(TARGET.address()).listen(TARGET);
    }

    @Test
    void anOwnAddressMakesAnOrdinaryConnectionAndSendsNoSynOfItsOwn() throws Exception {
        StreamListener service = service();
        List<Finding> findings = probe.probe(ONLINE);

        assertThat(only(findings, Code.TARGET_REFUSES).level()).isEqualTo(Level.OK);
        assertThat(service.accept().peer().address()).isEqualTo(ONLINE);
        assertThat(probe.sent).isEmpty();
        assertThat(probe.path.closed).isEmpty();
    }

    @Test
    void whereAnOwnAddressAloneIsAnsweredSomethingOnTheWayDropsForeignOnes() throws Exception {
        service();
        Finding finding = only(probe.probe(ONLINE, CLIENT), Code.FOREIGN_SOURCES_DROPPED);

        assertThat(finding.seen()).contains("10.0.0.2:8080 accepts 10.0.0.1", "drops foreign sources");
    }

    @Test
    void whereAnyClientIsAnsweredForeignSourcesAreNotDropped() throws Exception {
        service();
        probe.target = (world, flow) -> flow.isFrom(CLIENT) ? ProbedWorld.accepting(world, flow) : null;

        assertThat(probe.probe(ONLINE, CLIENT, OTHER_CLIENT))
                .extracting(Finding::code)
                .contains(Code.TARGET_REFUSES, Code.NOTHING_COMES_BACK)
                .doesNotContain(Code.FOREIGN_SOURCES_DROPPED);
    }

    @Test
    void anOwnAddressThatIsRefusedIsNamedAsAnyOther() {
        assertThat(only(probe.probe(ONLINE), Code.TARGET_REFUSES).level()).isEqualTo(Level.ERROR);
    }

    private void ordinaryConnectionsAreNotAnswered() {
        probe.network = new TestStream(probe.online.descriptor(() -> 0)).network();
    }

    @Test
    void anOwnAddressThatIsNotAnsweredIsTheTargetsFirewall() {
        ordinaryConnectionsAreNotAnswered();

        assertThat(only(probe.probe(ONLINE), Code.TARGET_FIREWALL).level()).isEqualTo(Level.ERROR);
    }

    @Test
    void anOwnAddressThatIsNotAnsweredMayBeForTheNextHop() {
        ordinaryConnectionsAreNotAnswered();
        probe.nextHop = Optional.of(new NextHop("10.0.0.254 on back", false));

        assertThat(only(probe.probe(ONLINE), Code.NEXT_HOP_SILENT).seen()).contains("10.0.0.254 on back");
    }

    @Test
    void anOwnAddressShowsNothingWhereInterceptKeepsAllAnswersOfTheTarget() {
        ordinaryConnectionsAreNotAnswered();
        probe.intercepts.set(0, new Endpoint(TARGET.address(), INTERCEPT.port()));

        assertThat(only(probe.probe(ONLINE), Code.TARGET_FIREWALL).level()).isEqualTo(Level.NOT_CHECKED);
    }

    @ParameterizedTest
    @CsvSource({
        "101, true, NO_ROUTE_TO_TARGET",
        "113, true, TARGET_FIREWALL",
        "113, false, NEXT_HOP_SILENT",
        "1, true, FIREWALL_OUT",
        "99, true, INJECTION_REFUSED"
    })
    void whyTheKernelGivesUpAConnectionOfAnOwnAddressIsNamed(int errno, boolean hopAnswers, Code code) {
        probe.network = new TestStream(-errno).network();
        probe.nextHop = Optional.of(new NextHop("10.0.0.254 on back", hopAnswers));

        assertThat(only(probe.probe(ONLINE), code).level()).isEqualTo(Level.ERROR);
    }

    // ------------------------------------------------------------------------------------------------- announced

    @Test
    void whoMayHearOfItIsSaidBefore() {
        StringWriter out = new StringWriter();

        Probe.announce(
                Probe.handshakes(List.of(ONLINE, CLIENT), List.of(TARGET), ONLINE::equals), new PrintWriter(out));

        assertThat(out.toString())
                .startsWith(
                        "one SYN and one RST from 10.1.9.9 to 10.0.0.2:8080: where the way back is broken, a host that"
                                + " has such an address hears a SYN-ACK")
                .hasLineCount(1);
    }

    @Test
    void eachHandshakeHasAPortOfItsOwn() {
        List<Handshake> handshakes = Probe.handshakes(
                List.of(CLIENT, OTHER_CLIENT), List.of(TARGET, Endpoint.ipv4(0x0A000002, 8081)), ONLINE::equals);

        assertThat(handshakes)
                .extracting(handshake -> handshake.flow().clientPort())
                .doesNotHaveDuplicates()
                .allMatch(port -> port > 61_000 - 1 && port < 65_536);
    }
}
