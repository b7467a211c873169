package io.tcpcopy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import org.junit.jupiter.api.Test;

class DaemonTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void givesTheStatusOfItsBody() {
        assertThat(run((out, life) -> Daemon.OK)).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void turnsBadInputIntoOneLineAndStatus2() {
        int status = run((out, life) -> {
            throw BadInputException.value("-x", "10008-1.2.3", "[ip:]port-ip:port");
        });

        assertThat(status).isEqualTo(2);
        assertThat(err).hasToString("sample: option -x: \"10008-1.2.3\": expected [ip:]port-ip:port\n");
    }

    @Test
    void keepsToOneLineWhateverTheCommandLineHolds() {
        run((out, life) -> {
            throw BadInputException.value("-p", "7\r\u001b[2J\u0085\u2028", "a number");
        });

        assertThat(err).hasToString("sample: option -p: \"7  [2J  \": expected a number\n");
    }

    @Test
    void turnsAFailureToStartIntoOneLineAndStatus1() {
        int status = run((out, life) -> {
            throw new StartException("port 36524 is taken");
        });

        assertThat(status).isEqualTo(1);
        assertThat(err).hasToString("sample: port 36524 is taken\n");
    }

    @Test
    void turnsAFaultOfItsOwnIntoOneLineAndStatus1() {
        int status = run((out, life) -> {
            throw new IllegalStateException("two\nlines");
        });

        assertThat(status).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("sample: internal error: java.lang.IllegalStateException: two lines at io.tcpcopy.daemon.")
                .hasLineCount(1);
    }

    @Test
    void saysOfMemoryAndThreadsThatTheyAreMissing() {
        int status = run((out, life) -> {
            throw new IllegalStateException(new OutOfMemoryError("unable to create native thread"));
        });

        assertThat(status).isEqualTo(1);
        assertThat(err).hasToString("sample: out of memory or threads: unable to create native thread\n");
    }

    @Test
    void whatCannotBePrintedIsAFailure() {
        int status = run(new FullDisk(), (out, life) -> {
            out.println("help");
            out.flush();
            return Daemon.OK;
        });

        assertThat(status).isEqualTo(1);
        assertThat(err)
                .hasToString("sample: standard output cannot be written: is the disk full, or the reader of a pipe"
                        + " gone?\n");
    }

    private static final class FullDisk extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("No space left on device");
        }
    }

    private int run(Daemon.Body body) {
        return run(new ByteArrayOutputStream(), body);
    }

    private int run(OutputStream out, Daemon.Body body) {
        return new Daemon("sample", new PrintStream(err, true))
                .run(new PrintWriter(out), new LifeCycle(new StopSignal()), body);
    }
}
