package io.tcpcopy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import java.io.ByteArrayOutputStream;
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

    private int run(Daemon.Body body) {
        return new Daemon("sample", new PrintStream(err, true))
                .run(new PrintWriter(new ByteArrayOutputStream()), new LifeCycle(new StopSignal()), body);
    }
}
