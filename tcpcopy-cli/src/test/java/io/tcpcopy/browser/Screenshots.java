package io.tcpcopy.browser;

import io.tcpcopy.lab.Copying;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Load;
import io.tcpcopy.lab.NginxServer;
import io.tcpcopy.lab.PacketWatch;
import io.tcpcopy.lab.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code scripts/lib/screenshots}: takes the pictures of {@code docs/} of programs that copy real traffic. Another picture is another
 * {@link #take}: of whatever address the browser can open, so a file that a program has written as well.
 */
final class Screenshots {
    private static final String PORT = "9464";
    private static final String PAGE = "http://127.0.0.1:" + PORT + "/";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** How long the copy is bad before that is a picture: the charts show it, and the findings name it. */
    private static final Duration BAD = Duration.ofSeconds(45);

    private static final int COLUMNS = 150;
    private static final int CONNECTIONS = 40;
    private static final int PAUSE_MS = 100;
    private static final int SHORT_RATE = 60;
    private static final int WAVE_RATE = 240;
    private static final int WAVE_SECONDS = 20;
    /** For the replay, over short connections. */
    private static final int RECORDED = 45 * SHORT_RATE;

    private static final Duration RECORDING = Duration.ofMinutes(2);
    private static final Duration BETWEEN_WAVES = Duration.ofSeconds(25);

    private final Path folder;
    private final LabHosts lab = new LabHosts("tcpcopy-screenshots");

    private Screenshots(Path folder) {
        this.folder = folder;
    }

    /** Arguments: the folder for the pictures, and for how many seconds the copy runs before the first one. */
    public static void main(String[] args) throws IOException {
        Screenshots screenshots = new Screenshots(Path.of(args[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(screenshots::tidyUp));
        try {
            screenshots.lab.up();
            screenshots.takeAll(Duration.ofSeconds(Integer.parseInt(args[1])));
        } finally {
            screenshots.tidyUp();
        }
    }

    private void tidyUp() {
        try {
            lab.down();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void takeAll(Duration copied) throws IOException {
        new NginxServer(lab, Host.ONLINE);
        NginxServer target = new NginxServer(lab, Host.TARGET);
        Copying copying = new Copying(lab, NginxServer.PORT);
        copying.startIntercept("--metrics", PORT);
        copying.startTcpcopy("--metrics", PORT);
        try (Browser tcpcopy = new Browser(lab, Host.ONLINE);
                Browser intercept = new Browser(lab, Host.ASSISTANT)) {
            int seconds = (int) copied.plus(BAD).plus(PATIENCE).toSeconds();
            steadyLoad(copied.plus(BAD).plus(PATIENCE));
            tcpcopy.open(PAGE);
            intercept.open(PAGE);
            letWavesCome(tcpcopy, copied);
            take("page", tcpcopy, Look.DESK);
            take("page-phone", tcpcopy, Look.PHONE);
            take("page-intercept", intercept, Look.DESK);

            target.stop();
            Waiting.until("a loss is shown", PATIENCE, () -> says(tcpcopy, "lost in the last"));
            Waiting.until("the charts show it", BAD.plus(PATIENCE), () -> hasSeen(tcpcopy, copied.plus(BAD)));
            take("page-loss", tcpcopy, Look.DESK);
            copying.tcpcopy().terminate();
            NginxServer back = takeLiveLine(tcpcopy);
            takeReport(copying, back, tcpcopy);
        }
    }

    /** A terminal with tcpcopy on it; the target, which was down, comes up after a while, and is what is returned. */
    private NginxServer takeLiveLine(Browser browser) throws IOException {
        String command = "%s -x %s-%s:%s -s %s"
                .formatted(
                        LabHosts.script("tcpcopy"),
                        NginxServer.PORT,
                        lab.address("TARGET"),
                        NginxServer.PORT,
                        lab.address("ASSISTANT"));
        HostProcess terminal = lab.start(
                "terminal", Host.ONLINE, "script", "-qefc", "stty cols " + COLUMNS + "; " + command, "/dev/null");
        load("terminal", "--short", "" + RECORDED, "--rate", "" + SHORT_RATE);
        terminal.waitForOutput("[warn] TC303", PATIENCE);
        NginxServer target = new NginxServer(lab, Host.TARGET);
        terminal.waitForOutput("it is over", PATIENCE);
        Waiting.until("nothing is lost any more", PATIENCE, () -> {
            List<String> rows = TerminalScreen.rows(terminal.output());
            return rows.get(rows.size() - 1).contains(", lost 0 (");
        });
        browser.open(TerminalScreen.page(TerminalScreen.rows(terminal.output())));
        take("terminal", browser, Look.TERMINAL);
        terminal.terminate();
        return target;
    }

    /** The report of a replay, in which the target is down for a while. */
    private void takeReport(Copying copying, NginxServer target, Browser browser) throws IOException {
        PacketWatch recording = PacketWatch.startWithPayload(lab, Host.ONLINE, "front");
        load("recorded", "--short", "" + RECORDED, "--rate", "" + SHORT_RATE).waitFor(RECORDING);
        recording.stop(lab.address("CLIENT_PREFIX") + ".254");
        Path report = lab.file("report.html");
        // The report shows where it is.
        Path capture = Files.copy(recording.file(), Path.of("/tmp/web.pcap"), StandardCopyOption.REPLACE_EXISTING);
        HostProcess replay = copying.replay(capture, "--summary", report.toString());
        waitForProgress(replay, 1);
        target.stop();
        waitForProgress(replay, 2);
        new NginxServer(lab, Host.TARGET);
        replay.waitFor(RECORDING);
        Files.delete(capture);
        browser.open(report.toUri().toString());
        take("report", browser, Look.DESK);
    }

    /** A line of it comes every ten seconds. */
    private static void waitForProgress(HostProcess replay, int lines) {
        Waiting.until("the replay is so far", PATIENCE, () -> replay.output().split(" replayed \\d+ %").length > lines);
    }

    private void steadyLoad(Duration time) {
        long seconds = time.toSeconds();
        load(
                "steady",
                "--short",
                "" + SHORT_RATE * seconds,
                "--rate",
                "" + SHORT_RATE,
                "--keep-alive",
                "" + CONNECTIONS,
                "--pause",
                "" + PAUSE_MS,
                "--requests",
                "" + seconds * 1000 / PAUSE_MS);
    }

    private static boolean says(Browser browser, String text) {
        return (boolean) browser.run("return document.body.innerText.includes(arguments[0])", text);
    }

    /** More comes at some times than at others, as it does from people; until the page has seen so much of it. */
    private void letWavesCome(Browser browser, Duration copied) {
        for (int wave = 0; !hasSeen(browser, copied); wave++) {
            load("wave-" + wave, "--short", "" + WAVE_RATE * WAVE_SECONDS, "--rate", "" + WAVE_RATE);
            Waiting.holdsWithin(BETWEEN_WAVES.plusSeconds(WAVE_SECONDS), () -> hasSeen(browser, copied));
        }
    }

    private static boolean hasSeen(Browser browser, Duration time) {
        return (boolean) browser.run("return Date.now() - page.openedAt >= arguments[0]", time.toMillis());
    }

    private HostProcess load(String run, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server",
                lab.address("ONLINE") + ":" + NginxServer.PORT,
                "--clients",
                lab.address("CLIENT_PREFIX") + ".1-30",
                "--run",
                run,
                "--log",
                lab.file(run + ".requests").toString()));
        arguments.addAll(List.of(options));
        return lab.startJava("client-" + run, Host.CLIENT, Load.class, arguments.toArray(String[]::new));
    }

    private void take(String name, Browser browser, Look look) throws IOException {
        browser.show(look);
        Files.write(folder.resolve(name + ".png"), browser.picture());
        browser.show(Look.DESK);
    }
}
