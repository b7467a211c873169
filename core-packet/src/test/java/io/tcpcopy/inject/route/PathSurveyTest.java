package io.tcpcopy.inject.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Address;
import io.tcpcopy.net.PrivateNetwork;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In a network of its own, with a device that nobody is behind. Needs root. */
class PathSurveyTest {
    private static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }

    @Test
    void aNextHopIsNamedWithItsDeviceAndAnswersUnlessItWasAskedInVain() throws Exception {
        PrivateNetwork.run(() -> {
            PrivateNetwork.ip("link add eth7 type veth peer name other");
            PrivateNetwork.ip("link set eth7 up");
            PrivateNetwork.ip("link set other up");
            PrivateNetwork.ip("addr add 10.9.0.1/24 dev eth7");
            PrivateNetwork.ip("route add 10.8.0.0/16 via 10.9.0.254");
            PrivateNetwork.ip("neigh add 10.9.0.2 dev eth7 lladdr 02:00:00:00:00:02");
            PrivateNetwork.ip("neigh add 10.9.0.254 dev eth7 nud failed");

            List<TargetPath> paths =
                    PathSurvey.of(List.of(address("10.9.0.2"), address("10.8.0.2"), address("10.7.0.2")), 0);

            assertThat(paths.get(0).nextHopOnDevice()).isEqualTo("10.9.0.2 on eth7");
            assertThat(paths.get(0).answers()).isTrue();
            assertThat(paths.get(1).nextHopOnDevice()).isEqualTo("10.9.0.254 on eth7");
            assertThat(paths.get(1).answers()).isFalse();
            assertThat(paths.get(2).hasRoute()).isFalse();
        });
    }
}
