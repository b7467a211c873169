package io.tcpcopy.e2e;

import io.tcpcopy.lab.LabHosts.Host;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guides about one target do what they say, word for word, and clients notice nothing. */
class GuidesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    private final Lab lab = new Lab();

    /** Takes away what the lab brings and a guide has to set up. */
    private void removeRoute() {
        lab.run(Host.TARGET, "ip", "route", "del", lab.address("CLIENT_NET"));
    }

    @Test
    void theFirstCopyIsCheckedRunsAndEnds() {
        CopiedService service = new CopiedService(lab);
        removeRoute();
        Guide guide = new Guide(lab, "first-copy").followTo("See that everything is copied");

        service.assertCopies("first");

        guide.followToEnd();
        service.assertClientsUndisturbed();
    }
}
