package io.tcpcopy.net;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * What is opened one after the other and of use only together: where one of them cannot be opened, those before it are closed again.
 *
 * <pre>{@code
 * try (OpenedTogether opened = new OpenedTogether()) {
 *     guard = opened.add(new Guard(), Guard::close);
 *     socket = opened.add(new Socket(), Socket::close);
 *     opened.keep();
 * }
 * }</pre>
 */
public final class OpenedTogether implements AutoCloseable {
    private final Deque<Runnable> closings = new ArrayDeque<>();

    /** Nothing so far. */
    public OpenedTogether() {}

    /** Adds what was just opened, and returns it. */
    public <T> T add(T opened, Consumer<? super T> close) {
        closings.push(() -> close.accept(opened));
        return opened;
    }

    /** All is open, and stays so. */
    public void keep() {
        closings.clear();
    }

    /** Closes all that is not kept, what was opened last at first. */
    @Override
    public void close() {
        closings.forEach(Runnable::run);
    }
}
