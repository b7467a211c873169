package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.Copying;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.MariaDbServers;
import io.tcpcopy.lab.MemcachedServers;
import io.tcpcopy.lab.PostgresServers;
import io.tcpcopy.lab.RedisServers;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The guide to databases does what it says, word for word, and each server has done the same as the other in the end. */
@Tag("long")
class DatabaseGuideIT {
    private static final Duration LONGEST_LOAD = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    private final Lab lab = new Lab();

    /** Copies a database until the target has done what the online server has: what it has got it has not done yet. */
    private Guide copy(String section, BooleanSupplier targetHasDoneAll) {
        Guide guide = new Guide(lab, "databases").skipTo(section).followTo("Compare what both have done");
        Waiting.holdsWithin(PATIENCE, targetHasDoneAll);
        FinalLedger.awaitDelivery(guide.latestRunning());
        return guide;
    }

    @Test
    void redisIsCopied() {
        Lab.assumeInstalled(RedisServers.PROGRAMS);
        RedisServers servers = new RedisServers(lab);

        copy("Redis", () -> servers.calls(Host.TARGET, "get") == 20_000)
                .followTo("memcached")
                .stop();

        assertThat(servers.digest(Host.ONLINE)).matches("[0-9a-f]{40}").doesNotMatch("0+");
        assertThat(servers.digest(Host.TARGET)).isEqualTo(servers.digest(Host.ONLINE));
        for (String command : List.of("set", "get")) {
            assertThat(servers.calls(Host.ONLINE, command)).isEqualTo(20_000);
            assertThat(servers.calls(Host.TARGET, command)).isEqualTo(20_000);
        }
    }

    @Test
    void memcachedIsCopied() {
        Lab.assumeInstalled(MemcachedServers.PROGRAMS);
        MemcachedServers servers = new MemcachedServers(lab);

        copy("memcached", () -> servers.statistic(Host.TARGET, "incr_hits") == 500)
                .followTo("PostgreSQL")
                .stop();

        for (Host host : List.of(Host.ONLINE, Host.TARGET)) {
            assertThat(servers.statistic(host, "cmd_set")).isEqualTo(501);
            assertThat(servers.statistic(host, "curr_items")).isEqualTo(501);
            assertThat(servers.statistic(host, "incr_hits")).isEqualTo(500);
        }
    }

    @Test
    void memcachedOfTheTargetDoesNotKnowTheVersionsThatClientsName() {
        Lab.assumeInstalled(MemcachedServers.PROGRAMS);
        MemcachedServers servers = new MemcachedServers(lab);
        // From now on the online server has given more versions than the target's.
        assertThat(servers.replaceByVersion()).isEqualTo("STORED");
        Copying copying = new Copying(lab, MemcachedServers.PORT);
        copying.startCopying();

        assertThat(servers.replaceByVersion()).isEqualTo("STORED");

        Waiting.holdsWithin(PATIENCE, () -> servers.statistic(Host.TARGET, "cas_badval") == 1);
        copying.stopCompleteCopying();
        assertThat(servers.statistic(Host.TARGET, "cas_badval")).isEqualTo(1);
    }

    @Test
    void postgresqlIsCopied() {
        Lab.assumeInstalled(PostgresServers.PROGRAMS);
        PostgresServers servers = new PostgresServers(lab, PostgresServers.TRUST, PostgresServers.SCRAM);

        copy("PostgreSQL", () -> hasSameStatements(servers))
                .followTo("PostgreSQL with MD5 passwords")
                .stop();

        assertSameStatements(servers, 800);
    }

    @Test
    void postgresqlIsCopiedWhoseClientsHaveMd5Passwords() {
        Lab.assumeInstalled(PostgresServers.PROGRAMS);
        PostgresServers servers = new PostgresServers(lab, PostgresServers.MD5, PostgresServers.SCRAM);
        Copying copying = new Copying(lab, PostgresServers.PORT);
        Guide guide = new Guide(lab, "databases")
                .skipTo("PostgreSQL with MD5 passwords")
                .followTo("When the test is over");
        copying.startCopying();

        HostProcess benchmark = servers.benchmark("-c", "8", "-t", "50");

        assertThat(benchmark.waitFor(LONGEST_LOAD)).as(benchmark.output()).isZero();
        Waiting.holdsWithin(PATIENCE, () -> hasSameStatements(servers));
        copying.stopCompleteCopying();
        assertSameStatements(servers, 400);
        guide.followTo("MySQL and MariaDB");
    }

    private static boolean hasSameStatements(PostgresServers servers) {
        return servers.statements(Host.TARGET).equals(servers.statements(Host.ONLINE));
    }

    private static void assertSameStatements(PostgresServers servers, int transactions) {
        String online = servers.statements(Host.ONLINE);
        assertThat(online).contains(transactions + "|INSERT INTO pgbench_history");
        assertThat(servers.statements(Host.TARGET)).isEqualTo(online);
        assertThat(servers.balances(Host.TARGET)).isEqualTo(servers.balances(Host.ONLINE));
    }

    @Test
    void mariaDbIsCopied() {
        Lab.assumeInstalled(MariaDbServers.PROGRAMS);
        MariaDbServers servers = new MariaDbServers(lab, "right", "", MariaDbServers.WITHOUT_LOGIN);
        for (Host host : List.of(Host.ONLINE, Host.TARGET)) {
            servers.answer(host, "create database shop");
            servers.answer(host, "create table shop.visits (number int auto_increment primary key, page varchar(20))");
        }

        copy("MySQL and MariaDB", () -> visits(servers, Host.TARGET).equals(visits(servers, Host.ONLINE)))
                .followToEnd();

        for (Host host : List.of(Host.ONLINE, Host.TARGET)) {
            assertThat(visits(servers, host)).isEqualTo("800\t320400");
        }
    }

    private static String visits(MariaDbServers servers, Host host) {
        return servers.answer(host, "select count(*), sum(number) from shop.visits")
                .strip();
    }
}
