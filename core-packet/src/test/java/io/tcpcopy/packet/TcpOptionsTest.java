package io.tcpcopy.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TcpOptionsTest {
    /** MSS 1460, SACK permitted, timestamps 1 and 2, NOP, window scale 7: what Linux puts into a SYN. */
    private static final String SYN = "020405b4" + "0402" + "080a0000000100000002" + "01" + "030307";

    @Test
    void findsEachOptionOfASyn() {
        ByteBuffer options = bytes(SYN);

        int mss = find(options, TcpOptions.MSS, TcpOptions.MSS_LENGTH);
        int scale = find(options, TcpOptions.WINDOW_SCALE, TcpOptions.WINDOW_SCALE_LENGTH);
        int timestamps = find(options, TcpOptions.TIMESTAMPS, TcpOptions.TIMESTAMPS_LENGTH);

        assertThat(TcpOptions.mss(options, mss)).isEqualTo(1460);
        assertThat(TcpOptions.windowScale(options, scale)).isEqualTo(7);
        assertThat(options.getInt(TcpOptions.timestampValueIndex(timestamps))).isEqualTo(1);
        assertThat(options.getInt(TcpOptions.timestampEchoIndex(timestamps))).isEqualTo(2);
    }

    @Test
    void limitsAWindowScaleToWhatTheStandardAllows() {
        assertThat(TcpOptions.windowScale(bytes("0303ff"), 0)).isEqualTo(TcpOptions.MAX_WINDOW_SCALE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing there
                "00020405b4", // behind the end of the list
                "02", // no length
                "0204", // no value
                "020405", // value cut
                "0200020405b4", // length 0 ends the list
                "0201020405b4", // length 1 ends the list
                "05ff020405b4", // a length beyond the header ends the list
                "020605b40000", // not the length of this option
            })
    void doesNotFindWhatIsNotThere(String options) {
        assertThat(find(bytes(options), TcpOptions.MSS, TcpOptions.MSS_LENGTH)).isEqualTo(TcpOptions.ABSENT);
    }

    @ParameterizedTest
    @CsvSource({
        SYN + ", 020405b40101080a000000010000000201030307",
        "0101050a00000001000000020101, 0101010101010101010101010101", // SACK block
        "020405b40002, 020405b40101", // end of the list
        "05ff020405b4, 010101010101", // malformed
        "0303070206, 0303070101", // malformed behind a good one
        "020605b40000, 010101010101", // wrong length
        "1e0c0081000000000000000001, 01010101010101010101010101", // MPTCP
    })
    void keepsOnlyTheBasicOptions(String options, String kept) {
        ByteBuffer buffer = bytes(options);

        TcpOptions.keepBasic(buffer, 0, buffer.capacity());

        assertThat(HexFormat.of().formatHex(buffer.array())).isEqualTo(kept);
    }

    @Property
    void neverLooksOutsideTheGivenRange(@ForAll("hostileOptions") byte[] options, @ForAll byte around) {
        // A buffer of just this size throws when anything beyond is read; the byte before must not change.
        ByteBuffer buffer =
                ByteBuffer.allocate(options.length + 1).put(0, around).put(1, options);

        int found = TcpOptions.find(buffer, 1, buffer.capacity(), TcpOptions.TIMESTAMPS, TcpOptions.TIMESTAMPS_LENGTH);
        TcpOptions.keepBasic(buffer, 1, buffer.capacity());

        assertThat(buffer.get(0)).isEqualTo(around);
        if (found != TcpOptions.ABSENT) {
            assertThat(found).isBetween(1, buffer.capacity() - TcpOptions.TIMESTAMPS_LENGTH);
        }
    }

    @Property
    void whatWasKeptIsKeptAgain(@ForAll("hostileOptions") byte[] options) {
        ByteBuffer buffer = ByteBuffer.wrap(options);
        TcpOptions.keepBasic(buffer, 0, options.length);
        byte[] once = options.clone();

        TcpOptions.keepBasic(buffer, 0, options.length);

        assertThat(options).isEqualTo(once);
    }

    /** Up to 40 bytes, mostly small ones, so that kinds and lengths make sense for a while. */
    @Provide
    Arbitrary<byte[]> hostileOptions() {
        Arbitrary<Byte> small = Arbitraries.bytes().between((byte) 0, (byte) 12);
        return Arbitraries.frequencyOf(Tuple.of(9, small), Tuple.of(1, Arbitraries.bytes()))
                .array(byte[].class)
                .ofMaxSize(40);
    }

    private static int find(ByteBuffer options, int kind, int length) {
        return TcpOptions.find(options, 0, options.capacity(), kind, length);
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex));
    }
}
