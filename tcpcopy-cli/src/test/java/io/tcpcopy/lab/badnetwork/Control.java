package io.tcpcopy.lab.badnetwork;

import io.tcpcopy.loop.EventLoop;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * Takes commands from a TCP port of loopback: a line, which is answered by a text, and the end of the connection. They are
 * obeyed in the loop's thread.
 */
final class Control {

    /** Who obeys. */
    @FunctionalInterface
    interface Commands {
        /**
         * Does what a line says.
         *
         * @return the answer
         * @throws IOException says why not; the answer is {@code error: } and its message
         */
        String obey(String command) throws IOException;
    }

    private static final int TIMEOUT_MS = 5000;
    private static final int BACKLOG = 16;

    private final EventLoop loop;
    private final Commands commands;

    private Control(EventLoop loop, Commands commands) {
        this.loop = loop;
        this.commands = commands;
    }

    /** Listens, and takes commands in a thread of its own until the program ends. */
    static void start(int port, EventLoop loop, Commands commands) throws IOException {
        ServerSocket listener = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(() -> new Control(loop, commands).serve(listener), "control");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(ServerSocket listener) {
        while (true) {
            try (Socket connection = listener.accept()) {
                connection.setSoTimeout(TIMEOUT_MS);
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
                String answer = answer(reader.readLine()) + '\n';
                connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // Whoever asked has gone, or says nothing.
                System.err.println("control: " + e.getMessage());
            }
        }
    }

    private String answer(String command) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        loop.submit(() -> {
            try {
                answer.complete(commands.obey(command));
            } catch (IOException | RuntimeException e) {
                answer.complete("error: " + e.getMessage());
            }
        });
        return answer.join();
    }
}
