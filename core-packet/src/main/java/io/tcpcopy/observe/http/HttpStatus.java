package io.tcpcopy.observe.http;

/** How a request went (RFC 9110, 15). */
public enum HttpStatus {
    /** As it should. */
    OK(200, "OK"),
    /** It is no request of HTTP. */
    BAD_REQUEST(400, "Bad Request"),
    /** It was not meant for this server. */
    FORBIDDEN(403, "Forbidden"),
    /** There is nothing at this path. */
    NOT_FOUND(404, "Not Found"),
    /** It wants to change something. */
    METHOD_NOT_ALLOWED(405, "Method Not Allowed"),
    /** Its header is too long. */
    HEADER_TOO_LARGE(431, "Request Header Fields Too Large"),
    /** A fault in this program. */
    INTERNAL_SERVER_ERROR(500, "Internal Server Error"),
    /** Not at present. */
    SERVICE_UNAVAILABLE(503, "Service Unavailable");

    private final String line;

    HttpStatus(int code, String reason) {
        line = code + " " + reason;
    }

    /** As it stands in the first line of an answer. */
    String line() {
        return line;
    }
}
