package io.tcpcopy.lab;

import io.tcpcopy.lab.LabHosts.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL on the online and one on the target host, each with the tables of pgbench and counters for statements. */
public final class PostgresServers {

    /** Where both listen, and on the loopback address of their host, where nobody is asked for a password. */
    public static final int PORT = 5432;

    /** What must be installed. */
    public static final List<String> PROGRAMS =
            List.of("psql", "pgbench", programs().resolve("initdb").toString());

    /** How clients are let in: all. */
    public static final String TRUST = "trust";

    /** The same: with the password as it is. */
    public static final String PASSWORD = "password";

    /** The same: with a digest of the password and of a number that the server has just made up. */
    public static final String MD5 = "md5";

    /** The same: with proofs that depend on numbers that both have just made up. */
    public static final String SCRAM = "scram-sha-256";

    private static final String USER = "app";
    private static final String SECRET = "right";
    private static final Duration TIME_TO_START = Duration.ofSeconds(30);

    /** Debian's package has the user that the server runs as. On SIGTERM it would wait for its clients to go, on SIGINT it goes. */
    private static final String SERVER = """
            programs=$0 folder=$1
            shift
            chown -R postgres "$folder"
            as_postgres="setpriv --reuid=postgres --regid=postgres --clear-groups"
            $as_postgres "$programs/initdb" -D "$folder/data" -A trust --locale=C -E UTF8 -N
            $as_postgres "$programs/postgres" -D "$folder/data" -F "$@" &
            trap 'kill -INT $!' TERM
            wait
            wait
            """;

    private final LabHosts lab;

    /**
     * Starts both.
     *
     * @param onlineMethod how the online server lets clients in
     * @param targetMethod how the target's does
     */
    public PostgresServers(LabHosts lab, String onlineMethod, String targetMethod) {
        this.lab = lab;
        List<HostProcess> servers = List.of(start(Host.ONLINE, onlineMethod), start(Host.TARGET, targetMethod));
        servers.forEach(server -> server.waitForOutput("ready to accept connections", TIME_TO_START));
        for (Host host : List.of(Host.ONLINE, Host.TARGET)) {
            answer(host, "CREATE ROLE " + USER + " SUPERUSER LOGIN PASSWORD '" + SECRET + "'");
            answer(host, "CREATE EXTENSION pg_stat_statements");
            lab.run(host, "pgbench", "-q", "-i", "-h", "127.0.0.1", "-U", "postgres", "postgres");
        }
    }

    /** The folder of the newest version's programs, where Debian has them. */
    private static Path programs() {
        Path versions = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(versions)) {
            return versions;
        }
        try (Stream<Path> folders = Files.list(versions)) {
            return folders.sorted().reduce(versions, (older, newer) -> newer).resolve("bin");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HostProcess start(Host host, String method) {
        try {
            Path folder = Files.createDirectory(lab.file("postgres-" + host));
            Path logins = folder.resolve("pg_hba.conf");
            Files.writeString(logins, "host all all 127.0.0.1/32 trust\nhost all all all " + method + "\n");
            return lab.start(
                    "postgres-" + host,
                    host,
                    "sh",
                    "-ec",
                    SERVER,
                    programs().toString(),
                    folder.toString(),
                    "-p",
                    "" + PORT,
                    "-h",
                    lab.address(host.name()) + ",127.0.0.1",
                    "-k",
                    folder.toString(),
                    "-c",
                    "hba_file=" + logins,
                    "-c",
                    "password_encryption=" + (method.equals(MD5) ? MD5 : SCRAM),
                    "-c",
                    "shared_preload_libraries=pg_stat_statements");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts pgbench on the client host against the online host, with these options more. */
    public HostProcess benchmark(String... options) {
        Stream<String> command = Stream.of(
                "env", "PGPASSWORD=" + SECRET, "pgbench", "-n", "-h", lab.address("ONLINE"), "-U", USER, "postgres");
        return lab.start(
                "pgbench",
                Host.CLIENT,
                Stream.concat(command, Stream.of(options)).toArray(String[]::new));
    }

    /** What clients have had each server do so far: for each statement of theirs a line, with how often it was executed. */
    public String statements(Host host) {
        return answer(
                host,
                "SELECT sum(calls), query FROM pg_stat_statements JOIN pg_roles ON pg_roles.oid = userid"
                        + " WHERE rolname = '" + USER + "' GROUP BY query ORDER BY query");
    }

    /** A digest of what pgbench has made of all balances, in whatever order. */
    public String balances(Host host) {
        return answer(
                host,
                "SELECT md5(string_agg(aid || ':' || abalance, ',' ORDER BY aid)), (SELECT sum(delta) FROM pgbench_history)"
                        + " FROM pgbench_accounts");
    }

    /** What the server of a host answers to its owner, without headings. */
    public String answer(Host host, String statement) {
        return lab.run(host, "psql", "-h", "127.0.0.1", "-U", "postgres", "-Atc", statement);
    }
}
