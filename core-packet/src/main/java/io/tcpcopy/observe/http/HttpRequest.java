package io.tcpcopy.observe.http;

import io.tcpcopy.flow.Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of a request (RFC 9112), as far as it matters here.
 *
 * @param method what is wanted, for instance {@link #GET}
 * @param path of what it is wanted, without a query
 * @param host to whom the request was sent, with a port or without
 * @param hasBody whether a body follows
 */
record HttpRequest(String method, String path, String host, boolean hasBody) {
    static final String GET = "GET";
    static final String HEAD = "HEAD";

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern REQUEST_LINE =
            Pattern.compile("(?<method>" + TOKEN + ") (?<path>/[!-~&&[^?#]]*)(?:\\?[!-~]*)? HTTP/1\\.[01]");
    private static final Pattern FIELD = Pattern.compile("(?<name>" + TOKEN + "):(?<value>.*)");

    private static final Pattern PORT = Pattern.compile(":[0-9]*$");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9A-Fa-f:.]+]");

    /**
     * Reads a header.
     *
     * @param header its lines, without the empty one behind them
     * @return empty for what is none, and for one that does not name one host
     */
    static Optional<HttpRequest> read(String header) {
        String[] lines = header.split("\r\n", -1);
        Matcher request = REQUEST_LINE.matcher(lines[0]);
        if (!request.matches()) {
            return Optional.empty();
        }
        List<String> hosts = new ArrayList<>();
        boolean hasBody = false;
        for (int i = 1; i < lines.length; i++) {
            Matcher field = FIELD.matcher(lines[i]);
            if (!field.matches()) {
                return Optional.empty();
            }
            switch (field.group("name").toLowerCase(Locale.ROOT)) {
                case "host" -> hosts.add(field.group("value").strip());
                case "content-length", "transfer-encoding" -> hasBody = true;
                default -> {
                    // Nothing else is of importance here.
                }
            }
        }
        return hosts.size() == 1
                ? Optional.of(new HttpRequest(request.group("method"), request.group("path"), hosts.get(0), hasBody))
                : Optional.empty();
    }

    /** Why it is not answered with what there is at its path, if it is not. */
    Optional<HttpAnswer> refusal() {
        if (!isForAnAddress()) {
            return Optional.of(HttpAnswer.line(
                    HttpStatus.FORBIDDEN, "ask for an IP address or localhost: no other name of this host is known"));
        }
        if (!method.equals(GET) && !method.equals(HEAD)) {
            return Optional.of(HttpAnswer.line(HttpStatus.METHOD_NOT_ALLOWED, "nothing can be changed here"));
        }
        return Optional.empty();
    }

    /**
     * Whether it was sent to an address. Any name may belong to a page of somebody else's, who lets the name lead here once the page
     * is in a browser, whose network may reach us: the page could then read what we answer (DNS rebinding).
     */
    private boolean isForAnAddress() {
        String name = PORT.matcher(host).replaceFirst("");
        return name.equalsIgnoreCase("localhost")
                || IPV6.matcher(name).matches()
                || Address.parse(name).isPresent();
    }

    /** Whether the answer is sent with its body. */
    boolean wantsBody() {
        return !method.equals(HEAD);
    }
}
