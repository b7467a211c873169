package io.tcpcopy.observe.http;

import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.loop.connection.Connection;
import io.tcpcopy.loop.connection.ConnectionFactory;
import io.tcpcopy.loop.connection.ConnectionHandler;
import io.tcpcopy.net.ByteStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One request and its answer. Each part has its time: until the request is there, until there is an answer, and until the other end
 * has taken it.
 */
final class HttpConnection implements ConnectionHandler {
    /** The time of each part. */
    static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(5);
    /** The longest header of a request, in bytes: far more than any browser sends. */
    static final int MAX_HEADER = 8192;

    private static final String END_OF_HEADER = "\r\n\r\n";

    private enum Phase {
        REQUEST,
        ANSWER,
        LEAVING
    }

    private final EventLoop loop;
    private final HttpHandler handler;
    private final Consumer<HttpConnection> ended;
    private final Connection connection;
    private final LoopTimer timer;
    private final StringBuilder header = new StringBuilder();
    private Phase phase = Phase.REQUEST;
    private HttpRequest request;
    /** Whether bytes may come that nobody reads: closing before they have would have the kernel take the answer back (RFC 1122, 4.2.2.13). */
    private boolean hasMoreToCome;

    /** Takes over a stream; {@code ended} is told once that it is closed. */
    HttpConnection(
            EventLoop loop,
            ConnectionFactory factory,
            ByteStream stream,
            HttpHandler handler,
            Consumer<HttpConnection> ended) {
        this.loop = loop;
        this.handler = handler;
        this.ended = ended;
        timer = loop.timer(this::timeIsOver);
        timer.schedule(LIMIT_NS);
        connection = factory.accepted(stream, this);
    }

    @Override
    public void connected() {
        throw new AssertionError("it was accepted");
    }

    @Override
    public void received(ByteBuffer piece) {
        if (phase != Phase.REQUEST) {
            return;
        }
        header.append(StandardCharsets.ISO_8859_1.decode(piece));
        int end = header.indexOf(END_OF_HEADER);
        if (end > MAX_HEADER || end < 0 && header.length() > MAX_HEADER) {
            refuse(HttpStatus.HEADER_TOO_LARGE, "a header of " + MAX_HEADER + " bytes at most");
        } else if (end >= 0) {
            take(HttpRequest.read(header.substring(0, end)));
        }
    }

    private void take(Optional<HttpRequest> read) {
        if (read.isEmpty()) {
            refuse(HttpStatus.BAD_REQUEST, "a request of HTTP/1.1 for a path, with one Host");
            return;
        }
        request = read.get();
        hasMoreToCome = request.hasBody();
        phase = Phase.ANSWER;
        timer.schedule(LIMIT_NS);
        request.refusal().ifPresent(this::send);
    }

    private void refuse(HttpStatus status, String expected) {
        hasMoreToCome = true;
        send(HttpAnswer.line(status, "expected " + expected));
    }

    private void send(HttpAnswer answer) {
        phase = Phase.LEAVING;
        timer.schedule(LIMIT_NS);
        ByteBuffer bytes = answer.encoded(request == null || request.wantsBody());
        if (!connection.write(bytes, 0, bytes.limit())) {
            connection.close("an answer that is too long");
        }
    }

    /** The turn ends: goes on as far as it can. */
    void proceed() {
        if (phase == Phase.ANSWER) {
            answer().ifPresent(this::send);
        }
        if (phase == Phase.LEAVING) {
            connection.flush();
            if (connection.queuedBytes() == 0 && !hasMoreToCome) {
                close("answered");
            }
        }
    }

    private Optional<HttpAnswer> answer() {
        try {
            return handler.answer(request.path());
        } catch (RuntimeException fault) {
            loop.survive(fault);
            return Optional.of(
                    HttpAnswer.line(HttpStatus.INTERNAL_SERVER_ERROR, "a fault in this program: see its log"));
        }
    }

    private void timeIsOver() {
        if (phase == Phase.ANSWER) {
            send(HttpAnswer.line(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "the program does not answer: " + TimeUnit.NANOSECONDS.toSeconds(LIMIT_NS) + " s are over"));
        } else {
            close("its time is over");
        }
    }

    /** Ends it at once. */
    void close(String reason) {
        connection.close(reason);
    }

    @Override
    public void dropped(int length) {
        // The other end did not take it in time, or has gone.
    }

    @Override
    public void closed(int errno, String reason) {
        timer.cancel();
        ended.accept(this);
    }
}
