package io.tcpcopy.tcpcopy;

import io.tcpcopy.manual.ManualOfProgram;
import java.util.List;

class TcpcopyManualTest extends ManualOfProgram {
    TcpcopyManualTest() {
        super(
                TcpcopyOptions.class,
                (arguments, out) -> TcpcopyOptions.read(arguments, out).isPresent());
    }

    @Override
    protected List<String> exemplified() {
        return List.of(
                "-i",
                "-F",
                "--capture",
                "-H",
                "-r",
                "-g",
                "-n",
                "-f",
                "-c",
                "--pcap-send",
                "--single",
                "--resp-payload",
                "--dnat",
                "-L",
                "-d",
                "-P",
                "-l");
    }
}
