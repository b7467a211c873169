package io.tcpcopy.intercept.options;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.tcpcopy.options.AnyArguments;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever stands on the command line. */
class InterceptOptionsFuzzTest {
    @MethodSource("commandLines")
    @FuzzTest
    void anyCommandLineIsRefusedInWords(byte[] lines) throws Exception {
        AnyArguments.check(
                lines, (arguments, out) -> InterceptOptions.read(arguments, out).isPresent());
    }

    static Stream<byte[]> commandLines() {
        return Stream.of(
                        "-h",
                        "-v",
                        "-i\neth0,eth1\n-D\n10.0.0.1-10.0.0.2\n--allow\n10.0.0.0/8\n--single\n-c\n-p\n7\n-b\n10.0.0.3\n-n\n1\n-s\n1024\n-t\n5",
                        "-p7\n-ieth0\n--log-file=x\n--\nand\n@x")
                .map(lines -> lines.getBytes(StandardCharsets.UTF_8));
    }
}
