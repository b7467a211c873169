package io.tcpcopy.intercept.options;

import io.tcpcopy.manual.ManualOfProgram;
import java.util.List;

class InterceptManualTest extends ManualOfProgram {
    InterceptManualTest() {
        super(
                InterceptOptions.class,
                (arguments, out) -> InterceptOptions.read(arguments, out).isPresent());
    }

    @Override
    protected List<String> exemplified() {
        return List.of(
                "-F",
                "-i",
                "-D",
                "--traditional",
                "-b",
                "-p",
                "--allow",
                "--single",
                "--resp-payload",
                "--dnat",
                "-d",
                "-P",
                "-l");
    }
}
