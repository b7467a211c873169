package io.tcpcopy.session.base;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Flow;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartTest {
    private static final int SERVER = 0x0A010064;
    private static final int CLIENT = 0xC6336401;

    private final Flow client = new Flow();

    @Property
    void eachClientIsInOnePart(
            @ForAll int address, @ForAll @IntRange(max = 65535) int port, @ForAll @IntRange(min = 1, max = 64) int of) {
        client.client(address, port).server(SERVER, 80);

        assertThat(IntStream.rangeClosed(1, of).filter(number -> new Part(number, of).has(client)))
                .hasSize(1);
    }

    /** Linux gives clients even ports alone where it can; one address may stand for many clients. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 64})
    void partsAreAboutAsLarge(int of) {
        int[] sizes = new int[of];
        for (int number = 1; number <= of; number++) {
            Part part = new Part(number, of);
            for (int port = 32768; port < 61000; port += 2) {
                sizes[number - 1] += part.has(client.client(CLIENT, port).server(SERVER, 80)) ? 1 : 0;
            }
        }

        int even = (61000 - 32768) / 2 / of;
        assertThat(Arrays.stream(sizes).boxed())
                .allSatisfy(size -> assertThat(size).isBetween(even * 3 / 4, even * 5 / 4));
    }

    @Test
    void theKernelIsToldTheSame() {
        assertThat(new Part(2, 3).filter("tcp[0:2]"))
                .isEqualTo("(((ip[12:4] * 2246822507 + tcp[0:2]) * 3266489909) >> 16) % 3 = 1");
    }
}
