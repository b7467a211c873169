package io.tcpcopy.observe.http;

import java.util.Optional;

/** What a server has to say. */
@FunctionalInterface
public interface HttpHandler {
    /**
     * The answer to a request, or nothing as long as there is none: it is then asked for at the end of each turn of the server's loop.
     * Called on that loop's thread, so it does not wait for anything.
     *
     * @param path that was asked for, without a query; begins with a slash
     */
    Optional<HttpAnswer> answer(String path);
}
