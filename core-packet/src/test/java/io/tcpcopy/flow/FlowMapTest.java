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
    private static final int CLIENT = 0x0A010001;
    private static final int SERVER = 0x0A020064;

    @Property
    void behavesLikeAnyMap(@ForAll @Size(max = 300) List<@IntRange(max = 5) Integer> actions) {
        FlowMap<Integer> map = new FlowMap<>(0);
        Map<String, Integer> model = new HashMap<>();
        int step = 0;
        for (int action : actions) {
            step++;
            // Few flows, so that they meet often.
            Flow flow = new Flow().client(CLIENT, step * 7 % 5).server(SERVER, step % 3);
            switch (action) {
                case 0 -> assertThat(map.remove(flow)).isEqualTo(model.remove(flow.toString()));
                case 1 -> assertThat(map.get(flow)).isEqualTo(model.get(flow.toString()));
                default -> assertThat(map.put(flow, step)).isEqualTo(model.put(flow.toString(), step));
            }
            assertThat(map.size()).isEqualTo(model.size());
        }
        List<Integer> values = new ArrayList<>();
        map.forEach(values::add);
        assertThat(values).containsExactlyInAnyOrderElementsOf(model.values());
    }

    @Test
    void keepsNeighbouringFlowsApart() {
        int addresses = 300;
        int ports = 300;
        FlowMap<Integer> map = new FlowMap<>(addresses * ports);
        for (int address = 0; address < addresses; address++) {
            for (int port = 0; port < ports; port++) {
                map.put(new Flow().client(address, port).server(SERVER, 80), address * ports + port);
            }
        }

        assertThat(map.size()).isEqualTo(addresses * ports);
        for (int address = 0; address < addresses; address++) {
            Flow flow = new Flow().client(address, ports - 1).server(SERVER, 80);
            assertThat(map.get(flow)).isEqualTo(address * ports + ports - 1);
        }
    }

    @Test
    void aValuePutInThePlaceOfAnotherBringsItsOwnFlow() {
        FlowMap<String> map = new FlowMap<>(0);
        Flow former = new Flow().client(CLIENT, 1).server(SERVER, 80);
        Flow latter = new Flow().copyFrom(former);
        map.put(former, "former");

        assertThat(map.put(latter, "latter")).isEqualTo("former");
        former.clientPort(2);

        assertThat(map.get(latter)).isEqualTo("latter");
        assertThat(map.size()).isOne();
    }
}
