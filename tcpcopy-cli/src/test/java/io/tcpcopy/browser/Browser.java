package io.tcpcopy.browser;

import io.tcpcopy.lab.LabHosts;
import io.tcpcopy.lab.LabHosts.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A Chromium without a window on a host of the lab. It is closed before the hosts are taken down. */
public final class Browser implements AutoCloseable {
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final String CHROMIUM = "/usr/bin/chromium";
    /** Selenium has no classes for the newest Chromium's own protocol, and says so each time; what is used of it needs none. */
    private static final Logger DEVTOOLS = Logger.getLogger("org.openqa.selenium.devtools");

    static {
        DEVTOOLS.setLevel(Level.SEVERE);
    }

    private final Path folder;
    private final ChromeDriver driver;

    /** Starts it; nothing is loaded yet. */
    public Browser(LabHosts lab, Host host) {
        try {
            folder = Files.createTempDirectory(lab.namespace(host));
            ChromeDriverService service = ChromeDriverService.createDefaultService();
            service.setExecutable(DRIVER.toString());
            driver = new ChromeDriver(service, options(chromiumIn(lab.namespace(host))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        show(Look.DESK);
    }

    /** Whether there is one on this machine. */
    public static boolean isInstalled() {
        return Files.isExecutable(DRIVER) && Files.isExecutable(Path.of(CHROMIUM));
    }

    /** The driver listens on this machine, out of reach of a namespace: it talks to the browser through a pipe. */
    private static ChromeOptions options(Path chromium) {
        ChromeOptions options = new ChromeOptions()
                .setBinary(chromium.toFile())
                .addArguments(
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--hide-scrollbars",
                        "--remote-debugging-pipe",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--user-data-dir=" + chromium.resolveSibling("profile"));
        LoggingPreferences all = new LoggingPreferences();
        all.enable(LogType.BROWSER, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, all);
        return options;
    }

    /** A program that becomes a Chromium in a network namespace. */
    private Path chromiumIn(String namespace) throws IOException {
        Path program = Files.createFile(
                folder.resolve("chromium"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        return Files.writeString(program, "#!/bin/sh\nexec ip netns exec " + namespace + " " + CHROMIUM + " \"$@\"\n");
    }

    /** Loads a page: of a program on its host, or a file. */
    public void open(String url) {
        driver.get(url);
    }

    /** Shows the page that is loaded in another window size or colour scheme, without loading it again. */
    public void show(Look look) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", look.width(), "height", look.height(), "deviceScaleFactor", 1, "mobile", false));
        String scheme = look.dark() ? "dark" : "light";
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Runs a script in the page, and returns what it returns. */
    public Object run(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    /** The errors that the page has had since the last call: of its scripts, and of what it loads. */
    public List<String> errors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /** A picture of the whole page, as PNG. */
    public byte[] picture() {
        Map<?, ?> size = (Map<?, ?>)
                driver.executeCdpCommand("Page.getLayoutMetrics", Map.of()).get("cssContentSize");
        Map<String, Object> clip =
                Map.of("x", 0, "y", 0, "width", size.get("width"), "height", size.get("height"), "scale", 1);
        Map<String, Object> picture = driver.executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true, "clip", clip));
        return Base64.getDecoder().decode((String) picture.get("data"));
    }

    /** Ends it, and removes what it has kept. */
    @Override
    public void close() {
        driver.quit();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
