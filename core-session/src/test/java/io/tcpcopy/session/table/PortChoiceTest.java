package io.tcpcopy.session.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.session.AllRoutes;
import io.tcpcopy.session.Faults;
import io.tcpcopy.session.base.Part;
import io.tcpcopy.session.base.SessionIdentity;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.session.connection.Session;
import io.tcpcopy.session.connection.SessionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PortChoiceTest {
    private static final int ADDRESS = 0x0A010001;
    private static final int OTHER_ADDRESS = 0x0A010002;
    private static final int ONLINE = 0x0A010064;
    private static final int TARGET = 0x0A020064;

    private final SessionContext context = new SessionContext(
            Settings.of(List.of(copiedTo(TARGET), copiedTo(TARGET + 1))).build(),
            packet -> {},
            new AllRoutes(),
            Faults::rethrow);
    private final SessionTable table = new SessionTable(context);
    private final EndedSessions ended = new EndedSessions(context);
    private final LeftPairs left = new LeftPairs(context);
    private final PortChoice choice = new PortChoice(Part.ALL, table, ended, left);

    private static Transfer copiedTo(int target) {
        return new Transfer(Endpoint.ipv4(ONLINE, 80), Endpoint.ipv4(target, 8080));
    }

    @Test
    void aTakenPortIsPassedOverTowardsTheSameTargetAlone() {
        take(ADDRESS, 40000, 0);
        take(ADDRESS, 40001, 0);
        assertThat(chosen(ADDRESS, 40000, 0)).isEqualTo(40002);
        assertThat(chosen(ADDRESS, 40000, 1)).isEqualTo(40000);
        assertThat(chosen(OTHER_ADDRESS, 40000, 0)).isEqualTo(40000);
    }

    @Test
    void thePortThatASessionHasLeftIsTakenForAWhile() {
        left.add(opened(ADDRESS, 40000, 0).identity(), 0);
        left.expireDue(TimeUnit.SECONDS.toNanos(6) - 1);
        assertThat(chosen(ADDRESS, 40000, 0)).isEqualTo(40001);
        left.expireDue(TimeUnit.SECONDS.toNanos(6));
        assertThat(chosen(ADDRESS, 40000, 0)).isEqualTo(40000);
    }

    @Test
    void thePortOfASessionThatWaitsOutItsEndIsTaken() {
        Session session = opened(ADDRESS, 40000, 0);
        ended.add(session, 0);
        assertThat(chosen(ADDRESS, 40000, 0)).isEqualTo(40001);
    }

    @Test
    void behindTheHighestPortTheSearchGoesOnAt1024() {
        take(ADDRESS, 65535, 0);
        assertThat(chosen(ADDRESS, 65535, 0)).isEqualTo(1024);
    }

    @Test
    void thereMayBeNoFreePort() {
        for (int port = 1024; port <= 65535; port++) {
            take(ADDRESS, port, 0);
        }
        assertThat(choice.choose(flow(ADDRESS, 40000, 0), 0)).isFalse();
    }

    @Test
    void searchThatFoundNoneIsNotRepeatedForAWhileButForThePortItself() {
        List<Session> taken = new ArrayList<>();
        for (int port = 1024; port <= 65535; port++) {
            taken.add(opened(ADDRESS, port, 0));
            table.put(taken.get(taken.size() - 1));
        }
        assertThat(choice.choose(flow(ADDRESS, 40000, 0), 0)).isFalse();
        table.remove(taken.get(40002 - 1024));

        assertThat(choice.choose(flow(ADDRESS, 40001, 0), 99_999_999)).isFalse();
        assertThat(choice.choose(flow(ADDRESS, 40002, 0), 99_999_999)).isTrue();
        assertThat(choice.choose(flow(ADDRESS, 40001, 0), 100_000_000)).isTrue();
        assertThat(choice.choose(flow(ADDRESS, 40001, 1), 0)).isTrue();
    }

    private int chosen(int address, int port, int target) {
        Flow flow = flow(address, port, target);
        assertThat(choice.choose(flow, 0)).isTrue();
        return flow.clientPort();
    }

    private void take(int address, int port, int target) {
        table.put(opened(address, port, target));
    }

    private Session opened(int address, int port, int target) {
        SessionIdentity identity = new SessionIdentity(false);
        identity.set(flow(address, port, target), 0, flow(address, port, target), 0);
        Session session = new Session(context);
        session.open(identity);
        return session;
    }

    private static Flow flow(int address, int port, int target) {
        return new Flow().client(address, port).server(TARGET + target, 8080);
    }
}
