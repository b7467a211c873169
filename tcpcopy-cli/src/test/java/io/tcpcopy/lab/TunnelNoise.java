package io.tcpcopy.lab;

import io.tcpcopy.tunnel.RouteMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * A peer of intercept that sends nonsense as fast as it is taken, and connects again whenever it is cut off.
 *
 * <p>Usage: {@code TunnelNoise ADDRESS PORT KIND}. Kinds: {@code bytes} at random; {@code messages} at random behind the
 * version that tcpcopy begins with; {@code routes} for connections that do not exist. It runs until it is ended.
 */
public final class TunnelNoise {

    private static final int MESSAGES = 4096;

    private TunnelNoise() {}

    /** Starts it. */
    public static void main(String[] args) {
        boolean bytes = args[2].equals("bytes");
        boolean routes = args[2].equals("routes");
        byte[] version = new byte[RouteMessage.LENGTH];
        new RouteMessage().wrap(ByteBuffer.wrap(version), 0).version();
        Random random = new Random(1);
        byte[] noise = new byte[MESSAGES * RouteMessage.LENGTH];
        RouteMessage message = new RouteMessage();
        System.out.println("sending");
        while (true) {
            try (Socket socket = new Socket(args[0], Integer.parseInt(args[1]))) {
                OutputStream out = socket.getOutputStream();
                if (!bytes) {
                    out.write(version);
                }
                while (true) {
                    random.nextBytes(noise);
                    for (int i = 0; routes && i < MESSAGES; i++) {
                        message.wrap(ByteBuffer.wrap(noise), i * RouteMessage.LENGTH)
                                .type(RouteMessage.TYPE_ADD);
                    }
                    out.write(noise);
                }
            } catch (IOException e) {
                // Cut off: once more.
            }
        }
    }
}
