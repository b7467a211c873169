package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.Copying;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The modes of the tunnel, alike at both ends or not, targets behind translated addresses, and who may connect. */
class TunnelModesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** In the clients' net, but no client's. */
    private static final String CONTAINER_ADDRESS = "10.1.200.1";

    /** In the target's net, but no host's. */
    private static final String OTHER_TARGET_ADDRESS = "10.2.0.200";

    @RegisterExtension
    private final Lab lab = new Lab();

    private static String[] options(String line) {
        return line.isEmpty() ? new String[0] : line.split(" ");
    }

    private static Traffic someTraffic(CopiedService service, String... moreOptions) {
        Stream<String> options = Stream.of("--short", "100", "--rate", "100", "--keep-alive", "5", "--requests", "20");
        return service.traffic(
                "modes", Stream.concat(options, Stream.of(moreOptions)).toArray(String[]::new));
    }

    private static void assertCopiesAll(CopiedService service, String... options) {
        someTraffic(service, options).complete().assertCopiedExactly(PATIENCE);
        service.stopCompleteCopying();
    }

    /** Changes packets on the target host, each by itself: no connection is tracked, so answers are not changed back. */
    private void changeOnTarget(String hook, String rule) {
        lab.run(Host.TARGET, "nft", """
                table ip translation {
                    chain packets {
                        type filter hook %s priority raw
                        %s
                    }
                }""".formatted(hook, rule));
    }

    private void letTargetAnswerFromAnotherAddress() {
        changeOnTarget(
                "postrouting",
                "ip saddr " + lab.address("TARGET") + " tcp sport " + CopiedService.PORT + " ip saddr set "
                        + OTHER_TARGET_ADDRESS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--disable-combined --resp-payload",
                "--single --disable-combined --with-resp-payload --dnat",
            })
    void inEachModeThatBothProgramsAreInNothingIsLost(String mode) {
        CopiedService service = new CopiedService(lab);
        HostProcess intercept = service.startIntercept(options(mode));
        service.startTcpcopy(options(mode));

        assertCopiesAll(service);

        assertThat(intercept.output()).doesNotContain("[warn]");
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"--single", "--disable-combined", "--resp-payload"})
    void inOtherModesNothingIsLost(String mode) {
        inEachModeThatBothProgramsAreInNothingIsLost(mode);
    }

    @Test
    void singleInterceptServesTheNextTcpcopyWhenOneIsGone() {
        CopiedService service = new CopiedService(lab);
        service.startIntercept("--single", "-c");
        service.startTcpcopy("--single").kill();
        service.startTcpcopy("--single");

        assertCopiesAll(service);
    }

    @Test
    void aTargetThatAnswersFromAnotherAddressIsCopiedToWithDnat() {
        CopiedService service = new CopiedService(lab);
        letTargetAnswerFromAnotherAddress();
        service.startIntercept("--dnat");
        service.startTcpcopy("--dnat");

        assertCopiesAll(service);
    }

    @Test
    void aTargetThatAnswersFromAnotherAddressIsNamedWhereDnatIsMissing() {
        CopiedService service = new CopiedService(lab);
        letTargetAnswerFromAnotherAddress();
        service.startIntercept("--dnat");
        HostProcess tcpcopy = service.startTcpcopy();
        someTraffic(service).complete();

        service.stopCopying();

        assertThat(tcpcopy.output()).contains("of responses from addresses that -x does not name");
    }

    @Test
    void aTargetInAContainerThatSeesAnotherClientAddressIsCopiedTo() {
        CopiedService service = new CopiedService(lab);
        String client = lab.address("CLIENT_PREFIX") + ".1";
        changeOnTarget(
                "prerouting",
                "ip saddr " + client + " tcp dport " + CopiedService.PORT + " ip saddr set " + CONTAINER_ADDRESS);
        service.startIntercept("-D", CONTAINER_ADDRESS + "-" + client);
        service.startTcpcopy();

        assertCopiesAll(service, "--clients", client + "-1");
    }

    @Test
    void onlyWhoIsAllowedConnects() {
        CopiedService service = new CopiedService(lab);
        HostProcess intercept = service.startIntercept("--allow", lab.address("ONLINE_BACK"));
        service.startTcpcopy();
        lab.run(
                Host.TARGET,
                "bash",
                "-c",
                "exec 3<>/dev/tcp/" + lab.address("ASSISTANT") + "/" + Copying.TUNNEL_PORT + "; cat <&3 || true");

        assertCopiesAll(service);

        assertThat(intercept.output())
                .containsPattern("connection from " + lab.address("TARGET") + ":\\d+ refused: --allow does not list it")
                .contains("not allowed:1");
    }

    @ParameterizedTest
    @CsvSource({
        "--disable-combined, '', it does not combine its responses: give --disable-combined",
        "'', --resp-payload, its records are of another length: give --resp-payload",
    })
    void endsThatAreInDifferentModesAreSaidInOneLine(String ofIntercept, String ofTcpcopy, String line) {
        CopiedService service = new CopiedService(lab);
        service.startIntercept(options(ofIntercept));
        HostProcess tcpcopy = service.startTcpcopy(options(("-C 1 " + ofTcpcopy).strip()));

        someTraffic(service).complete();

        assertThat(tcpcopy.waitFor(PATIENCE)).isEqualTo(1);
        assertThat(tcpcopy.output().lines())
                .last()
                .asString()
                .startsWith("tcpcopy: TC504: no intercept is left: intercept " + lab.address("ASSISTANT"))
                .contains(line)
                .contains("to both programs or to neither");
        assertThat(tcpcopy.output()).doesNotContain("Exception");
        FinalLedger.parse(tcpcopy.output()).assertBalances();
        service.assertClientsUndisturbed();
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({
        "'', --disable-combined, it combines its responses: give --disable-combined",
        "--resp-payload, '', its records are of another length: give --resp-payload",
    })
    void otherDifferentModesAreSaidInOneLine(String ofIntercept, String ofTcpcopy, String line) {
        endsThatAreInDifferentModesAreSaidInOneLine(ofIntercept, ofTcpcopy, line);
    }

    @Test
    void routesToASingleInterceptAreWarnedOfAndCopyingWorks() {
        CopiedService service = new CopiedService(lab);
        HostProcess intercept = service.startIntercept("--single");
        service.startTcpcopy();

        assertCopiesAll(service);

        assertThat(intercept.output()).containsOnlyOnce("sends routes, which --single ignores");
    }

    @Test
    void aSingleTcpcopyWithAnInterceptThatWaitsForRoutesIsNamed() {
        CopiedService service = new CopiedService(lab);
        HostProcess intercept = service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy("-L", "--single");
        someTraffic(service).complete();

        intercept.endInPeace();
        tcpcopy.endInPeace();

        assertThat(intercept.output())
                .contains("responses, and no tcpcopy sends routes")
                .contains("give --single");
        FinalLedger.parse(tcpcopy.output()).assertBalances();
        service.assertClientsUndisturbed();
    }
}
