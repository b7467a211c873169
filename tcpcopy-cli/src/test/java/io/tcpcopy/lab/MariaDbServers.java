package io.tcpcopy.lab;

import io.tcpcopy.lab.LabHosts.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A MariaDB on the online and one on the target host. */
public final class MariaDbServers {

    /** Where both listen. */
    public static final int PORT = 3306;

    /** What must be installed. */
    public static final List<String> PROGRAMS = List.of("mariadb-install-db", "mariadbd", "mariadb");

    /** An option of the server: whoever comes is let in, and there are no users. */
    public static final String WITHOUT_LOGIN = "--skip-grant-tables";

    private static final String USER = "app";
    private static final Duration TIME_TO_START = Duration.ofSeconds(60);

    private final LabHosts lab;
    private final List<HostProcess> servers = new ArrayList<>();

    /**
     * Starts both, with one user.
     *
     * @param onlinePassword what the user has on the online host, and says
     * @param targetPassword what the user has on the target
     * @param targetOptions more options of the target's server
     */
    public MariaDbServers(LabHosts lab, String onlinePassword, String targetPassword, String... targetOptions) {
        this.lab = lab;
        start(Host.ONLINE, onlinePassword);
        start(Host.TARGET, targetPassword, targetOptions);
        servers.forEach(server -> server.waitForOutput("ready for connections", TIME_TO_START));
    }

    private void start(Host host, String password, String... moreOptions) {
        try {
            Path folder = Files.createDirectory(folder(host));
            Path users = folder.resolve("users.sql");
            Files.writeString(
                    users,
                    "CREATE USER " + USER + "@'%' IDENTIFIED BY '" + password + "';\nGRANT ALL ON *.* TO " + USER
                            + "@'%';\n");
            List<String> command = new ArrayList<>(List.of(
                    "sh",
                    "-c",
                    // A server that starts removes temporary tables, those of others as well.
                    "export TMPDIR=\"$0\" && mariadb-install-db --no-defaults --user=root --auth-root-authentication-method=normal"
                            + " --datadir=\"$0/data\" && exec mariadbd --no-defaults --user=root --datadir=\"$0/data\""
                            + " --socket=\"$0/socket\" --skip-name-resolve \"$@\"",
                    folder.toString(),
                    "--bind-address=" + lab.address(host.name()),
                    "--port=" + PORT));
            List<String> options = List.of(moreOptions);
            if (!options.contains(WITHOUT_LOGIN)) {
                command.add("--init-file=" + users);
            }
            command.addAll(options);
            servers.add(lab.start("mariadb-" + host.name(), host, command.toArray(String[]::new)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks the online host a question, on this many connections one after the other; started, not yet complete. */
    public HostProcess ask(int connections, String password, String question) {
        return lab.start(
                "mariadb-client",
                Host.CLIENT,
                "sh",
                "-ec",
                "i=0; while [ $i -lt " + connections + " ]; do mariadb --no-defaults -h \"$0\" -P " + PORT + " -u "
                        + USER + " --password=\"$1\" -N -e \"$2\"; i=$((i + 1)); done",
                lab.address("ONLINE"),
                password,
                question);
    }

    private Path folder(Host host) {
        return lab.file("mariadb-" + host);
    }

    /** What the server of a host answers to root. */
    public String answer(Host host, String question) {
        return lab.run(
                host,
                "mariadb",
                "--no-defaults",
                "--socket=" + folder(host).resolve("socket"),
                "-u",
                "root",
                "-N",
                "-e",
                question);
    }
}
