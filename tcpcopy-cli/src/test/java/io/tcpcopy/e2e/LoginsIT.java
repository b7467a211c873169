package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.Copying;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.MariaDbServers;
import io.tcpcopy.lab.PostgresServers;
import io.tcpcopy.lab.RedisServers;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real databases, whose clients have to say who they are, most of them to each connection something else. */
@Tag("long")
class LoginsIT {

    private static final Duration LONGEST_LOAD = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CONNECTIONS = 100;

    @RegisterExtension
    private final Lab lab = new Lab();

    private Copying copying;

    private void startCopying(int port, String... options) {
        copying = new Copying(lab, port);
        copying.startIntercept();
        copying.startTcpcopy(options);
    }

    private static void complete(HostProcess clients) {
        assertThat(clients.waitFor(LONGEST_LOAD)).as(clients.output()).isZero();
    }

    private void assertSaid(String reason) {
        FinalLedger.awaitDelivery(copying.tcpcopy());
        copying.stopCopying();
        assertThat(copying.tcpcopy().output()).contains("TC305: ").contains(reason);
    }

    private void assertNothingSaid() {
        copying.stopCompleteCopying();
        assertThat(copying.tcpcopy().output()).doesNotContain("TC305");
    }

    private MariaDbServers copyMariaDb(String targetPassword, String... targetOptions) {
        Lab.assumeInstalled(MariaDbServers.PROGRAMS);
        MariaDbServers servers = new MariaDbServers(lab, "right", targetPassword, targetOptions);
        startCopying(MariaDbServers.PORT);
        complete(servers.ask(CONNECTIONS, "right", "select 'asked'"));
        return servers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"another", "right"})
    void aMariaDbThatLooksAtPasswordsRefusesAllAndThatIsSaidThoughTcpHasDeliveredAll(String targetPassword) {
        copyMariaDb(targetPassword);

        assertSaid("a login");
    }

    @Test
    void aMariaDbWithoutLoginsIsAskedTheSame() {
        MariaDbServers servers = copyMariaDb("", MariaDbServers.WITHOUT_LOGIN);

        Waiting.holdsWithin(PATIENCE, () -> questions(servers) == CONNECTIONS);
        assertThat(questions(servers)).isEqualTo(CONNECTIONS);
        assertNothingSaid();
    }

    private static int questions(MariaDbServers servers) {
        String answer = servers.answer(Host.TARGET, "show global status like 'Com_select'");
        return Integer.parseInt(answer.replaceAll("\\D", ""));
    }

    @ParameterizedTest
    @CsvSource({
        PostgresServers.SCRAM + ", " + PostgresServers.SCRAM,
        PostgresServers.SCRAM + ", " + PostgresServers.TRUST,
        PostgresServers.MD5 + ", " + PostgresServers.MD5
    })
    void aPostgresqlWhoseClientsProveThatTheyKnowThePasswordIsNotCopied(String onlineMethod, String targetMethod) {
        Lab.assumeInstalled(PostgresServers.PROGRAMS);
        PostgresServers servers = new PostgresServers(lab, onlineMethod, targetMethod);
        startCopying(PostgresServers.PORT);

        complete(servers.benchmark("-c", "4", "-t", "50"));

        assertSaid("a login that it refuses");
        assertThat(servers.statements(Host.TARGET)).isBlank();
    }

    @Test
    void aPostgresqlWhoseClientsTellThePasswordIsAskedTheSame() {
        Lab.assumeInstalled(PostgresServers.PROGRAMS);
        PostgresServers servers = new PostgresServers(lab, PostgresServers.PASSWORD, PostgresServers.PASSWORD);
        startCopying(PostgresServers.PORT);

        complete(servers.benchmark("-c", "4", "-t", "50", "--connect"));

        Waiting.holdsWithin(PATIENCE, () -> servers.statements(Host.TARGET).equals(servers.statements(Host.ONLINE)));
        assertNothingSaid();
        assertThat(servers.statements(Host.ONLINE)).contains("200|INSERT INTO pgbench_history");
        assertThat(servers.statements(Host.TARGET)).isEqualTo(servers.statements(Host.ONLINE));
    }

    /** Starts copying while clients work who have logged in before. */
    private PostgresServers copyFromTheMiddle(String... options) {
        Lab.assumeInstalled(PostgresServers.PROGRAMS);
        PostgresServers servers = new PostgresServers(lab, PostgresServers.TRUST, PostgresServers.TRUST);
        HostProcess clients = servers.benchmark("-c", "4", "-t", "300", "--rate", "100");
        Waiting.until(
                "clients work",
                PATIENCE,
                () -> servers.statements(Host.ONLINE).contains("INSERT INTO pgbench_history"));
        startCopying(PostgresServers.PORT, options);
        complete(clients);
        return servers;
    }

    @Test
    void connectionsThatHaveLoggedInBeforeAreNamed() {
        PostgresServers servers = copyFromTheMiddle();

        assertSaid("a login that they had made before tcpcopy saw them");
        assertThat(servers.statements(Host.TARGET)).isBlank();
    }

    @Test
    void connectionsThatHaveLoggedInBeforeAreLeftOutIfWanted() {
        PostgresServers servers = copyFromTheMiddle("-O");
        complete(servers.benchmark("-c", "4", "-t", "50"));

        String done = "200|INSERT INTO pgbench_history";
        Waiting.holdsWithin(PATIENCE, () -> servers.statements(Host.TARGET).contains(done));
        assertNothingSaid();
        assertThat(servers.statements(Host.TARGET)).contains(done);
    }

    private void assertDoneByRedis(String targetPassword, int commands) {
        Lab.assumeInstalled(RedisServers.PROGRAMS);
        RedisServers servers = new RedisServers(lab, Map.of(Host.ONLINE, "right", Host.TARGET, targetPassword));
        startCopying(RedisServers.PORT);
        complete(servers.benchmark(List.of("-n", "1000", "-c", "10", "-t", "set")));

        Waiting.holdsWithin(PATIENCE, () -> servers.calls(Host.TARGET, "set") == commands);
        assertNothingSaid();
        assertThat(servers.calls(Host.TARGET, "set")).isEqualTo(commands);
    }

    @Test
    void aRedisWithTheSamePasswordObeysCopies() {
        assertDoneByRedis("right", 1000);
    }

    @Test
    void aRedisWithAnotherPasswordTakesCopiesAndDoesNothingWithThem() {
        assertDoneByRedis("another", 0);
    }
}
