package io.tcpcopy.session.simulation;

import io.tcpcopy.packet.TcpHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A client's connection as it is captured on the online host: requests, each with its response, cut into packets at
 * random; some of it is repeated, with other cuts; packets overtake each other.
 */
final class Conversation {
    private static final int MAX_REQUESTS = 6;
    private static final int MAX_REQUEST_BYTES = 9000;
    private static final int MAX_RESPONSE_BYTES = 9000;
    private static final int MAX_SEGMENT = 1460;
    /** What offloading makes of several segments. */
    private static final int MAX_UNCUT_SEGMENT = 5000;

    private static final double UNCUT = 0.2;
    private static final double REPEATED = 0.15;
    private static final int MAX_OVERTAKING_NS = (int) TimeUnit.MILLISECONDS.toNanos(4);
    private static final int MAX_ROUND_TRIP_NS = (int) TimeUnit.MILLISECONDS.toNanos(40);

    private final int port;
    private final Random random;
    private final Events events;
    private final Consumer<TcpPacket> capture;
    private final int iss;
    private final int onlineIss;
    private final List<Integer> requestEnds = new ArrayList<>();
    private final List<Integer> responseLengths = new ArrayList<>();

    private int nextId;

    Conversation(int port, int iss, Random random, Events events, Consumer<TcpPacket> capture) {
        this.port = port;
        this.random = random;
        this.events = events;
        this.capture = capture;
        this.iss = iss;
        onlineIss = random.nextInt();
        int end = 0;
        int requests = 1 + random.nextInt(MAX_REQUESTS);
        for (int i = 0; i < requests; i++) {
            end += 1 + random.nextInt(MAX_REQUEST_BYTES);
            requestEnds.add(end);
            responseLengths.add(1 + random.nextInt(MAX_RESPONSE_BYTES));
        }
    }

    int port() {
        return port;
    }

    int requests() {
        return requestEnds.size();
    }

    /** How many bytes of the client's stream are before and within a request. */
    int requestEnd(int request) {
        return requestEnds.get(request);
    }

    int responseLength(int request) {
        return responseLengths.get(request);
    }

    /** Bytes of the client's whole stream. */
    int length() {
        return requestEnd(requests() - 1);
    }

    /** The number of the first byte. */
    int firstNumber() {
        return iss + 1;
    }

    /** Lets the packets be captured from a time on; returns when the last one is. */
    long start(long startNs) {
        long timeNs = startNs;
        packet(timeNs, TcpHeader.SYN, iss, 0, 0);
        timeNs += roundTrip();
        int ack = onlineIss + 1;
        packet(timeNs, TcpHeader.ACK, firstNumber(), ack, 0);
        int begin = 0;
        for (int request = 0; request < requests(); request++) {
            request(timeNs, begin, requestEnd(request), ack);
            begin = requestEnd(request);
            ack += responseLength(request);
            timeNs += roundTrip();
            packet(timeNs, TcpHeader.ACK, firstNumber() + begin, ack, 0);
            timeNs += MAX_OVERTAKING_NS;
        }
        packet(timeNs, TcpHeader.FIN | TcpHeader.ACK, firstNumber() + begin, ack, 0);
        return timeNs;
    }

    private void request(long timeNs, int begin, int end, int ack) {
        int position = begin;
        while (position < end) {
            int longest = random.nextDouble() < UNCUT ? MAX_UNCUT_SEGMENT : MAX_SEGMENT;
            int length = Math.min(end - position, 1 + random.nextInt(longest));
            payload(timeNs, position, length, ack, position + length == end);
            position += length;
            if (random.nextDouble() < REPEATED) {
                int repeatedFrom = begin + random.nextInt(position - begin);
                int repeatedLength = 1 + random.nextInt(Math.min(MAX_UNCUT_SEGMENT, end - repeatedFrom));
                payload(timeNs, repeatedFrom, repeatedLength, ack, repeatedFrom + repeatedLength == end);
            }
        }
    }

    private void payload(long timeNs, int position, int length, int ack, boolean last) {
        int flags = TcpHeader.ACK | (last ? TcpHeader.PSH : 0);
        packet(timeNs + random.nextInt(MAX_OVERTAKING_NS), flags, firstNumber() + position, ack, length);
    }

    private void packet(long timeNs, int flags, int seq, int ack, int length) {
        TcpPacket packet = new TcpPacket(port, nextId++ & 0xFFFF, flags, seq, ack, 500, length);
        events.at(timeNs, () -> capture.accept(packet));
    }

    private long roundTrip() {
        return 1 + random.nextInt(MAX_ROUND_TRIP_NS);
    }
}
