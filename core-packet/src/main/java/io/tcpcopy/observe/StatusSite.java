package io.tcpcopy.observe;

import io.tcpcopy.doctor.FindingFormat;
import io.tcpcopy.doctor.Findings;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.observe.http.HttpAnswer;
import io.tcpcopy.observe.http.HttpHandler;
import io.tcpcopy.observe.http.HttpStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What there is to see of a program, by its path. */
final class StatusSite implements HttpHandler {
    private static final String PAGE = "status.html";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String JSON = "application/json";
    /** All that the page needs is in it, but for what it asks this server; it sends nothing, and is nobody's frame. */
    private static final String PAGE_POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
                    + " connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final RunningProgram program;
    private final LatestObservation latest;
    private final AddressMask mask;

    /**
     * Shows a program.
     *
     * @param loop that of the server
     * @param mask takes the end off clients' addresses
     */
    StatusSite(RunningProgram program, EventLoop loop, AddressMask mask) {
        this.program = program;
        latest = new LatestObservation(program, loop);
        this.mask = mask;
    }

    @Override
    public Optional<HttpAnswer> answer(String path) {
        return switch (path) {
            case "/" -> Optional.of(page());
            case "/live" -> Optional.of(HttpAnswer.line(HttpStatus.OK, "live"));
            case "/ready" -> latest.get().map(this::ready);
            case "/metrics" -> latest.get().map(this::metrics);
            case "/diagnosis" -> latest.get().map(this::diagnosis);
            default -> Optional.of(notFound());
        };
    }

    private HttpAnswer ready(Observation observation) {
        return observation
                .notReady()
                .map(reason -> HttpAnswer.line(HttpStatus.SERVICE_UNAVAILABLE, mask.mask(reason)))
                .orElseGet(() -> HttpAnswer.line(HttpStatus.OK, "ready"));
    }

    /** The only addresses are those of the command line, so there is nothing to mask. */
    private HttpAnswer metrics(Observation observation) {
        return new HttpAnswer(HttpStatus.OK, PrometheusText.TYPE, PrometheusText.of(program.metrics(), observation));
    }

    private HttpAnswer diagnosis(Observation observation) {
        StringWriter text = new StringWriter();
        new Findings(observation.findings()).write(FindingFormat.JSON, new PrintWriter(text));
        return new HttpAnswer(HttpStatus.OK, JSON, mask.mask(text.toString()));
    }

    private static HttpAnswer page() {
        try (InputStream page = StatusSite.class.getResourceAsStream(PAGE)) {
            return page == null
                    ? notFound()
                    : new HttpAnswer(
                            HttpStatus.OK, HTML, PAGE_POLICY, new String(page.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpAnswer notFound() {
        return HttpAnswer.line(HttpStatus.NOT_FOUND, "there are /, /metrics, /live, /ready and /diagnosis");
    }
}
