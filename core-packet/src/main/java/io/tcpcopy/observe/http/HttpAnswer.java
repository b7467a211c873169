package io.tcpcopy.observe.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * What is answered to a request.
 *
 * @param status how the request went
 * @param type of the body, as in the header Content-Type
 * @param policy what a browser may do with it: the directives of a Content-Security-Policy
 * @param body sent in UTF-8
 */
public record HttpAnswer(HttpStatus status, String type, String policy, String body) {
    /** A text for people or programs. */
    public static final String PLAIN = "text/plain; charset=utf-8";

    /** What is no page loads nothing, and is nobody's frame. */
    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

    /** The one form of a date that may be sent (RFC 9110, 5.6.7). */
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT);

    /** An answer that is no page. */
    public HttpAnswer(HttpStatus status, String type, String body) {
        this(status, type, NOTHING, body);
    }

    /** A line of text. */
    public static HttpAnswer line(HttpStatus status, String text) {
        return new HttpAnswer(status, PLAIN, text + "\n");
    }

    /**
     * As it is sent, on a connection that carries no further answer.
     *
     * @param withBody false for HEAD, which is answered by the header alone
     */
    ByteBuffer encoded(boolean withBody) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        StringBuilder header =
                new StringBuilder(512).append("HTTP/1.1 ").append(status.line()).append("\r\n");
        field(header, "Date", DATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
        field(header, "Connection", "close");
        field(header, "Content-Type", type);
        field(header, "Content-Length", Integer.toString(bytes.length));
        field(header, "Cache-Control", "no-store");
        field(header, "Content-Security-Policy", policy);
        field(header, "X-Content-Type-Options", "nosniff");
        field(header, "Referrer-Policy", "no-referrer");
        if (status == HttpStatus.METHOD_NOT_ALLOWED) {
            field(header, "Allow", HttpRequest.GET + ", " + HttpRequest.HEAD);
        }
        byte[] head = header.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer answer =
                ByteBuffer.allocate(head.length + (withBody ? bytes.length : 0)).put(head);
        return (withBody ? answer.put(bytes) : answer).flip();
    }

    private static void field(StringBuilder header, String name, String value) {
        header.append(name).append(": ").append(value).append("\r\n");
    }
}
