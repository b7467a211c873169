package io.tcpcopy.tcpcopy.options;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tcpcopy.options.AnyArguments;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever stands on the command line. */
class TcpcopyOptionsFuzzTest {
    @MethodSource("commandLines")
    @FuzzTest
    void anyCommandLineIsRefusedInWords(byte[] lines) throws Exception {
        AnyArguments.check(
                lines, (arguments, out) -> TcpcopyOptions.read(arguments, out).isPresent());
    }

    static Stream<byte[]> commandLines() {
        return Stream.of(
                        "-h",
                        "-v",
                        "-x\n80-10.0.0.2:80,10.0.0.1:81-10.0.0.2:81\n-s\n10.0.0.3,10.0.0.4:7\n-c\n10.1.0.x,10.2.0.1",
                        "-x\n80-10.0.0.2:80\n-s\n10.0.0.3\n-p\n7\n-C\n2\n-LgOW\n-H\n10.0.0.9\n-n2\n-f\n3\n-r\n50\n-M\n1500",
                        "-x\n80-10.0.0.2:80\n-s10.0.0.3\n-D\n1460\n-R\n7\n-t\n9\n-k\n9\n-m\n64\n-i\neth0,eth1\n-B\n1\n-S\n128",
                        "--transfer=80-10.0.0.2:80\n-F\n-s\n@x\n--\nand")
                .map(lines -> lines.getBytes(StandardCharsets.UTF_8));
    }
}
