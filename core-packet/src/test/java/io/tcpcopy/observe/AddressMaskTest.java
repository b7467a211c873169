package io.tcpcopy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Address;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressMaskTest {
    private static final Address TARGET = Address.parse("10.0.0.2").orElseThrow();
    private static final Address INTERCEPT = Address.parse("10.0.0.3").orElseThrow();

    private final AddressMask mask = new AddressMask(List.of(TARGET, INTERCEPT));

    /** A part of a text, and what becomes of it. */
    private record Piece(String text, String masked) {
        static Piece unchanged(String text) {
            return new Piece(text, text);
        }

        Piece followedBy(String more) {
            return new Piece(text + more, masked + more);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.x",
        "203.0.113.7:40021, 203.0.113.x:40021",
        "203.0.113.7/32, 203.0.113.x/32",
        "203.0.113.7-203.0.113.99, 203.0.113.x-203.0.113.x",
        "203.0.113.7.40021, 203.0.113.x.40021",
        "203.000.113.007, 203.000.113.x",
        "host.203.0.113.7, host.203.0.113.x",
        "x203.0.113.7y, x203.0.113.xy",
        "10.0.0.20, 10.0.0.x",
        "110.0.0.2, 110.0.0.x",
        "255.255.255.255, 255.255.255.x",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2:x",
        "2001:DB8::6, 2001:DB8:0:0:x",
        "2001:db8::5:6/64, 2001:db8:0:0:x/64",
        "[2001:db8::6]:80, [2001:db8:0:0:x]:80",
        "fe80::1%eth0, fe80:0:0:0:x%eth0",
        "addr:fe80::1, addr:fe80:0:0:0:x",
        "from fe80::1: refused., from fe80:0:0:0:x: refused.",
        "it is fe80::1., it is fe80:0:0:0:x.",
        "it is fe80::., it is fe80:0:0:0:x.",
        "of fe80::: nothing, of fe80:0:0:0:x: nothing",
        "::ffff:203.0.113.7, 0:0:0:0:x",
        "::ffff:10.0.0.2, 0:0:0:0:x",
        "64:ff9b:1:2:3:4:203.0.113.7, 64:ff9b:1:2:x",
        "2001:db8:1:2:3:4:5:6:443, 2001:db8:1:2:x",
    })
    void anAddressLosesItsEnd(String text, String masked) {
        assertThat(mask.mask(text)).isEqualTo(masked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.2",
                "80-10.0.0.2:8080",
                "10.0.0.3:36524",
                "0.0.0.0/0 via 127.0.0.1",
                "inet6 ::1/128",
                "default from ::/0",
                "link/ether 02:00:0a:00:00:01 brd ff:ff:ff:ff:ff:ff",
                "80@02:00:0a:00:00:01-10.0.0.2:8080@02:00:0a:00:00:02",
                "2026/11/22 14:01:35 +100 [notice] text",
                "10.1.0.x",
                "libpcap version 1.10.3, Java 17.0.15+6",
                ":INPUT ACCEPT [12:3456]",
                "Face::test",
                ":::",
                "0010 0020:a b",
                ""
            })
    void whatIsNamedOrNoAddressStaysAsItIs(String text) {
        assertThat(mask.mask(text)).isEqualTo(text);
    }

    @Property
    void ofAnyTextOnlyTheEndsOfAddressesThatAreNotNamedAreLost(@ForAll("texts") List<Piece> pieces) {
        String text = pieces.stream().map(Piece::text).collect(Collectors.joining());
        String expected = pieces.stream().map(Piece::masked).collect(Collectors.joining());

        assertThat(mask.mask(text)).isEqualTo(expected);
    }

    @Provide
    Arbitrary<List<Piece>> texts() {
        Arbitrary<String> between =
                Arbitraries.of(" ", "\n", ", ", "/32 ", "]:8080 ", "-", "=", "] [", "\" \"", ". ", ": ", "%eth0 ", ";");
        Arbitrary<Piece> piece = Arbitraries.oneOf(words(), named(), ipv4(), ipv6());
        return Combinators.combine(piece, between).as(Piece::followedBy).list().ofMaxSize(20);
    }

    private static Arbitrary<Piece> words() {
        return Arbitraries.oneOf(
                        Arbitraries.strings().alpha(),
                        Arbitraries.longs().map(String::valueOf),
                        Arbitraries.of("02:00:0a:00:00:01", "14:01:35", "1.10.3", "(käse)", "203.0.113.x"))
                .map(Piece::unchanged);
    }

    private static Arbitrary<Piece> named() {
        return Arbitraries.of(TARGET, INTERCEPT, Address.ANY, Address.LOOPBACK)
                .map(address -> Piece.unchanged(address.toString()));
    }

    private static Arbitrary<Piece> ipv4() {
        return Arbitraries.integers()
                .map(Address::ipv4)
                .filter(address -> !List.of(TARGET, INTERCEPT, Address.ANY, Address.LOOPBACK)
                        .contains(address))
                .map(Address::toString)
                .map(text -> new Piece(text, text.substring(0, text.lastIndexOf('.') + 1) + "x"))
                .flatMap(piece -> Arbitraries.of("", ":8080", ".8080").map(piece::followedBy));
    }

    private static Arbitrary<Piece> ipv6() {
        Arbitrary<List<String>> groups = Arbitraries.integers()
                .between(1, 0xFFFF)
                .map(Integer::toHexString)
                .list()
                .ofSize(8);
        return Combinators.combine(
                        groups,
                        Arbitraries.integers().between(0, 8),
                        Arbitraries.integers().between(0, 8))
                .as(AddressMaskTest::ipv6);
    }

    /** An address of these groups, of which those from one on to before another are zero and left out. */
    private static Piece ipv6(List<String> groups, int from, int to) {
        if (from >= to) {
            return new Piece(String.join(":", groups), String.join(":", groups.subList(0, 4)) + ":x");
        }
        String text = String.join(":", groups.subList(0, from)) + "::" + String.join(":", groups.subList(to, 8));
        StringBuilder masked = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            masked.append(i >= from && i < to ? "0" : groups.get(i)).append(':');
        }
        // These are the same on every host.
        return List.of("::", "::1").contains(text) ? Piece.unchanged(text) : new Piece(text, masked + "x");
    }
}
