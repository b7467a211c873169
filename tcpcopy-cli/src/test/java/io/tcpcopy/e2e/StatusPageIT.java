package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tcpcopy.browser.Browser;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The status page in a real browser, while a copy runs. */
@Tag("long")
class StatusPageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PORT = "9464";
    private static final String PAGE = "http://127.0.0.1:" + PORT + "/";
    private static final int SECONDS = 40;

    @RegisterExtension
    private final Lab lab = new Lab();

    private CopiedService service;
    private Browser browser;

    @BeforeEach
    void startCopying() {
        assumeTrue(Browser.isInstalled(), "skipped: needs chromium and chromedriver (Debian: chromium-driver)");
        service = new CopiedService(lab);
        service.startIntercept("--metrics", PORT);
        service.startTcpcopy("-L", "--metrics", PORT);
        browser = new Browser(lab, Host.ONLINE);
        browser.open(PAGE);
    }

    /** Before the hosts are gone. */
    @AfterEach
    void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    private String text(String selector) {
        return (String) browser.run("return document.querySelector(arguments[0]).innerText", selector);
    }

    private void waitFor(String selector, String text) {
        Waiting.until(
                selector + " says \"" + text + "\"",
                PATIENCE,
                () -> text(selector).contains(text));
    }

    /** How many requests the page says are captured: the first number of the sum. */
    private long captured() {
        return Long.parseLong(text("#balance dd").replace(",", ""));
    }

    /** Asserts that the browser's console has no error since the last look. */
    private void assertNoConsoleError() {
        assertThat(browser.errors()).as("errors in the browser's console").isEmpty();
    }

    /** How many curves a chart shows. */
    private long curves(String chart) {
        return (long) browser.run(
                "return [...document.querySelectorAll('figure')].find(f => f.querySelector('h3').innerText === arguments[0])"
                        + ".querySelectorAll('path.stroke').length",
                chart);
    }

    @Test
    void numbersMoveDuringACopyAndTheConsoleHasNoError() {
        service.steadyTraffic(SECONDS);

        waitFor("#answer", "Everything is copied");
        long before = captured();
        Waiting.until("more is captured", PATIENCE, () -> captured() > before + CopiedService.STEADY_RATE);
        for (String chart : List.of("Requests", "Packets", "Copy delay", "Response time of the target")) {
            assertThat(curves(chart)).as(chart).isPositive();
        }
        assertThat(text("#transfers")).isEqualTo("8080 → " + lab.address("TARGET") + ":8080");
        assertNoConsoleError();
    }

    @Test
    void aLossIsNamedWithItsReason() {
        service.steadyTraffic(SECONDS);
        waitFor("#answer", "Everything is copied");

        service.killTargetServer();

        waitFor("#answer", "lost in the last");
        waitFor("#why", "the target refused the connection");
        waitFor("#ledger", "refused");
        assertThat(captured()).isPositive();
        assertNoConsoleError();
    }

    @Test
    void aLossBeforeThePageWasOpenedIsNotPassedOver() {
        CopiedService.Traffic traffic = service.steadyTraffic(10);
        waitFor("#answer", "Everything is copied");
        service.killTargetServer();
        waitFor("#answer", "lost in the last");
        traffic.complete();

        browser.open(PAGE);

        waitFor("#answer", "Something was lost before");
        waitFor("#why", "lost before this page was opened");
        waitFor("#charts", "none seen");
        assertNoConsoleError();
    }

    @Test
    void anInterceptThatIsGoneIsNamedWithWhatToDo() {
        service.steadyTraffic(SECONDS);
        waitFor("#answer", "Everything is copied");

        service.intercept().kill();

        waitFor("#answer", "Not connected to an intercept");
        waitFor("#findings", "TC50");
        waitFor("#why", "TC50");
    }

    @Test
    void thePageSurvivesTheRestartOfTheProgram() {
        CopiedService.Traffic traffic = service.steadyTraffic(SECONDS);
        waitFor("#answer", "Everything is copied");
        service.tcpcopy().endInPeace();
        waitFor("#answer", "The program is gone");

        service.startTcpcopy("-L", "--metrics", PORT);

        waitFor("#why", "since the restart at");
        waitFor("#charts", "restarted");
        // Asking a program that was gone has failed, as it must.
        browser.errors();
        long before = captured();
        traffic.waitUntilServedMore(CopiedService.STEADY_RATE);
        Waiting.until("more is captured", PATIENCE, () -> captured() > before);
        assertNoConsoleError();
    }

    @Test
    void anErrorThatIsPlantedIsSeen() {
        waitFor("#answer", "Nothing to copy so far");
        assertNoConsoleError();

        browser.run("console.error('planted in the console')");
        browser.run("setTimeout(() => { throw new Error('planted in a script'); })");

        List<String> errors = new ArrayList<>();
        Waiting.until("both are seen", PATIENCE, () -> {
            errors.addAll(browser.errors());
            return errors.size() >= 2;
        });
        assertThat(errors)
                .anyMatch(error -> error.contains("planted in the console"))
                .anyMatch(error -> error.contains("planted in a script"));
    }
}
