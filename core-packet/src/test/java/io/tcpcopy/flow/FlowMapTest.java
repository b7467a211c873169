package io.tcpcopy.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FlowMapTest {
    @Property
    void behavesLikeAnyMap(@ForAll @Size(max = 300) List<@IntRange(max = 5) Integer> actions) {
        FlowMap<Integer> map = new FlowMap<>(0);
        Map<Long, Integer> model = new HashMap<>();
        int step = 0;
        for (int action : actions) {
            step++;
            // Few keys, so that they meet often.
            long key = FlowKey.of(step * 7 % 5, 1, -(step % 3) & FlowKey.MAX_INDEX);
            switch (action) {
                case 0 -> assertThat(map.remove(key)).isEqualTo(model.remove(key));
                case 1 -> assertThat(map.get(key)).isEqualTo(model.get(key));
                default -> assertThat(map.put(key, step)).isEqualTo(model.put(key, step));
            }
            assertThat(map.size()).isEqualTo(model.size());
        }
        List<Integer> values = new ArrayList<>();
        map.forEach(values::add);
        assertThat(values).containsExactlyInAnyOrderElementsOf(model.values());
    }

    @Test
    void keepsNeighbouringKeysApart() {
        int addresses = 300;
        int ports = 300;
        FlowMap<Long> map = new FlowMap<>(addresses * ports);
        for (int address = 0; address < addresses; address++) {
            for (int port = 0; port < ports; port++) {
                long key = FlowKey.of(address, port, 0);
                map.put(key, key);
            }
        }

        assertThat(map.size()).isEqualTo(addresses * ports);
        for (int address = 0; address < addresses; address++) {
            long key = FlowKey.of(address, ports - 1, 0);
            assertThat(map.get(key)).isEqualTo(key);
        }
    }
}
