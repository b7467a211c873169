package io.tcpcopy.tcpcopy.options;

import io.tcpcopy.capture.CaptureFileWriter;
import io.tcpcopy.manual.ManualOfProgram;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

class TcpcopyManualTest extends ManualOfProgram {
    @TempDir
    private static Path folder;

    TcpcopyManualTest() {
        super(TcpcopyOptions.class, TcpcopyManualTest::read);
    }

    /** What is to be replayed is not there (of a repeated option the last counts), and a summary is to be elsewhere. */
    private static boolean read(String[] shown, PrintWriter out) throws BadInputException, StartException {
        List<String> arguments = new ArrayList<>(List.of(shown));
        if (arguments.contains("--offline")) {
            arguments.addAll(List.of("-i", captureFile().toString()));
        }
        for (int i = 1; i < arguments.size(); i++) {
            if (arguments.get(i - 1).equals("--summary")) {
                arguments.set(i, folder.resolve(arguments.get(i)).toString());
            }
        }
        return TcpcopyOptions.read(arguments.toArray(String[]::new), out).isPresent();
    }

    private static Path captureFile() {
        Path file = folder.resolve("capture.pcap");
        try (CaptureFileWriter writer = new CaptureFileWriter(file, CaptureFileWriter.ETHERNET)) {
            writer.add(0, new byte[60]);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected List<String> exemplified() {
        return List.of(
                "-i",
                "-F",
                "--capture",
                "-H",
                "--offline",
                "-a",
                "-I",
                "-T",
                "--summary",
                "-r",
                "-g",
                "-n",
                "-f",
                "-c",
                "--inject",
                "--pcap-send",
                "--single",
                "--resp-payload",
                "--dnat",
                "-L",
                "--probe",
                "-d",
                "-P",
                "-l");
    }
}
