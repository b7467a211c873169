package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.Copying;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.MariaDbServers;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real database, which asks each client something else before it lets it in. */
@Tag("long")
class LoginsIT {

    private static final Duration LONGEST_LOAD = Duration.ofMinutes(2);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int CONNECTIONS = 100;

    @RegisterExtension
    private final Lab lab = new Lab();

    private MariaDbServers servers;
    private Copying copying;

    @BeforeEach
    void needsMariaDb() {
        Lab.assumeInstalled(MariaDbServers.PROGRAMS);
    }

    private void copy(String targetPassword, String... targetOptions) {
        servers = new MariaDbServers(lab, "right", targetPassword, targetOptions);
        copying = new Copying(lab, MariaDbServers.PORT);
        copying.startCopying();
        HostProcess clients = servers.ask(CONNECTIONS, "right", "select 'asked'");
        assertThat(clients.waitFor(LONGEST_LOAD)).as(clients.output()).isZero();
    }

    @Test
    void aTargetThatRefusesLoginsIsSaidThoughTcpHasDeliveredAll() {
        copy("another");
        copying.stopCopying();

        assertThat(copying.tcpcopy().output()).contains("TC305: ").contains("a login");
    }

    @Test
    void aTargetWithoutLoginsIsAskedTheSame() {
        copy("", MariaDbServers.WITHOUT_LOGIN);

        Waiting.holdsWithin(PATIENCE, () -> questions() == CONNECTIONS);
        assertThat(questions()).isEqualTo(CONNECTIONS);
        copying.stopCopying();
        assertThat(copying.tcpcopy().output()).doesNotContain("TC305");
    }

    private int questions() {
        String answer = servers.answer(Host.TARGET, "show global status like 'Com_select'");
        return Integer.parseInt(answer.replaceAll("\\D", ""));
    }
}
