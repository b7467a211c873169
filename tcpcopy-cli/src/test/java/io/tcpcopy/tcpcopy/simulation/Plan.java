package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.packet.TcpOptions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * What a client and a server will say to each other, drawn by lot: requests and responses with their lengths, who closes,
 * who is slow. The online server and the target act by the same plan, but for what the target does on its own.
 */
final class Plan {
    /** A response without end: so many bytes each time. A slow one is never quiet for long, and fills nobody's buffer. */
    record Stream(int bytes, long intervalNs) {
        private static final int MIN_BYTES = 50;
        private static final int MAX_BYTES = 1024;
        private static final int MIN_INTERVAL_NS = (int) TimeUnit.MILLISECONDS.toNanos(2);
        private static final int MAX_INTERVAL_NS = (int) TimeUnit.MILLISECONDS.toNanos(30);

        private static Stream any(Random random) {
            return new Stream(between(random, MIN_BYTES, MAX_BYTES), between(random, MIN_INTERVAL_NS, MAX_INTERVAL_NS));
        }

        private static int between(Random random, int from, int to) {
            return from + random.nextInt(to - from);
        }
    }

    private static final int MAX_REQUESTS = 6;
    private static final int[] USUAL_LENGTHS = {60, 400, 1500, 5000, 12_000};
    private static final int MIN_LONG = 100_000;
    private static final int MAX_LONG = 500_000;
    private static final int MAX_GREETING = 300;
    private static final int MAX_THINKING_NS = (int) TimeUnit.MILLISECONDS.toNanos(20);
    private static final int MAX_PAUSE_NS = (int) TimeUnit.MILLISECONDS.toNanos(200);
    private static final int MAX_IDLE_S = 40;
    private static final int MAX_FIRST_PAUSE_S = 60;
    private static final int MAX_SLOWNESS_NS = (int) TimeUnit.SECONDS.toNanos(2);
    private static final int MSS = 1460;
    /** The target may be reached over another link, or through a tunnel. */
    private static final int[] TARGET_MSS = {MSS, MSS, MSS, 8960, 1400, 536};

    private static final int MAX_SCALE = 8;
    private static final int LARGEST_SCALE = 14;
    /** Together more than 4 GiB, and each not more than the largest window has. */
    private static final int SKIPPING_REQUESTS = 6;

    /** A window in bytes: into one that is not scaled a few responses go. */
    private static final int SMALLEST_TO_SKIP_IN = 64 << 10;

    /** Of a request of more than 2 GiB. */
    private static final int LONG_REQUEST_PARTS = 5;

    private static final int SKIPPED_UPWARDS = 700 << 20;
    private static final int SKIPPED = 1000 << 20;
    private static final int USUAL_BUFFER = 64 << 10;
    private static final int SMALL_BUFFER = 4000;
    private static final long KEEPALIVE_NS = TimeUnit.SECONDS.toNanos(8);
    /** How often one behaviour or another is drawn. */
    private static final double RARE = 0.02;

    private static final double SOMETIMES = 0.06;
    private static final double OFTEN = 0.5;
    /** Of the one behaviour that a world is full of, see {@link Nature#theme}. */
    private static final double THEME = 0.3;

    /** What two say to each other in another way than by requests and responses. */
    private static final double UNUSUAL = 0.008;

    private static final Set<Behaviour> UNUSUAL_DIALOGUES = EnumSet.of(
            Behaviour.ENDLESS_RESPONSE,
            Behaviour.BREAKS_OFF,
            Behaviour.BEYOND_4_GIB,
            Behaviour.LONG_REQUEST,
            Behaviour.PUSHES,
            Behaviour.SCHEDULED);
    /** What goes with any dialogue. */
    private static final Set<Behaviour> HARMLESS =
            EnumSet.of(Behaviour.NO_TIMESTAMPS, Behaviour.NO_WINDOW_SCALE, Behaviour.SEQUENCE_WRAP);
    /** What lets no copy lag. */
    private static final Set<Behaviour> PROMPT = EnumSet.of(
            Behaviour.HANDSHAKE_UNSEEN,
            Behaviour.HALF_CLOSE,
            Behaviour.SERVER_CLOSES,
            Behaviour.SERVER_SPEAKS_FIRST,
            Behaviour.PIPELINED);

    /** What does not keep a client from waiting for each response. */
    private static final Set<Behaviour> ONE_AFTER_THE_OTHER = EnumSet.of(
            Behaviour.LONG_UPLOAD,
            Behaviour.LONG_DOWNLOAD,
            Behaviour.TARGET_CLOSES_EARLY,
            Behaviour.TARGET_CLOSES_AFTER_RESPONSE,
            Behaviour.TARGET_RESETS,
            Behaviour.SLOW_TARGET,
            Behaviour.CLOSED_WINDOW,
            Behaviour.IDLE,
            Behaviour.SERVER_CLOSES);

    /** What does not go with waiting for the last answer, or ends the connection in another way than by the client's FIN. */
    private static final Set<Behaviour> IMPATIENT = EnumSet.of(
            Behaviour.ENDLESS_RESPONSE,
            Behaviour.BREAKS_OFF,
            Behaviour.BEYOND_4_GIB,
            Behaviour.LONG_REQUEST,
            Behaviour.PUSHES,
            Behaviour.SCHEDULED,
            Behaviour.HALF_CLOSE,
            Behaviour.SERVER_CLOSES,
            Behaviour.CLIENT_RESETS,
            Behaviour.CLIENT_VANISHES,
            Behaviour.PORT_REUSED,
            Behaviour.MID_STREAM,
            Behaviour.SLOW_TARGET,
            Behaviour.CLOSED_WINDOW);

    private static final int MAX_HEARTBEATS = 6;
    private static final int MIN_SCHEDULED = 80;
    private static final int MAX_SCHEDULED = 250;
    /** Schedules so dense and long that a copy which waits for each answer falls behind for ever. */
    private static final int DENSE_ONE_IN = 2;

    /** In intervals: so far away no client has waited for an answer. */
    private static final int FAR = 3;
    /**
     * From here on a client repeats what is not lost, again and again. How far behind its copy is then, where the clock says
     * nothing of round trips, is not judged.
     */
    private static final long REPEATING_NS = TimeUnit.MILLISECONDS.toNanos(190);

    private static final int MIN_DENSE = 1000;
    private static final int MAX_DENSE = 2000;
    private static final int SHORT_LENGTH = 300;
    private static final int BROKEN_OFF_LENGTH = 20 << 20;
    private static final int MIN_INTERVAL_NS = (int) TimeUnit.MILLISECONDS.toNanos(1);
    private static final int MAX_INTERVAL_NS = (int) TimeUnit.MILLISECONDS.toNanos(20);
    private static final int MIN_HEARTBEAT_NS = (int) TimeUnit.MILLISECONDS.toNanos(200);
    private static final int MAX_HEARTBEAT_NS = (int) TimeUnit.MILLISECONDS.toNanos(1500);
    private static final int MIN_READING = 100 << 10;
    private static final int MAX_READING = 1 << 20;
    private static final int MIN_READING_NS = (int) TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MAX_READING_NS = TimeUnit.SECONDS.toNanos(3);
    /** A copy that is half a second behind such a client waits for no answer. */
    private static final long MAX_FAR_LAG_NS = TimeUnit.MILLISECONDS.toNanos(800);

    /** Once a copy may wait as long as it does for an answer that does not come, which is 5 s. */
    private static final long MAX_NEAR_LAG_NS = TimeUnit.MILLISECONDS.toNanos(1500);

    /** The target's thinking, and the tunnel. */
    private static final long SLOWEST_ANSWER_NS = TimeUnit.MILLISECONDS.toNanos(9);

    /** As long as what is left of the connection before may hold a port, and a handshake. */
    private static final long MAX_LAG_NS = TimeUnit.MILLISECONDS.toNanos(3500);

    private static final long QUICK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Random random;
    /** What the target does is drawn apart, so that nothing of the clients' world depends on what is copied. */
    private final Random targetRandom;

    private final Set<Behaviour> behaviours;
    private final int[] requestEnds;
    private final int[] responseEnds;
    private final int greeting;
    private final int intervalNs;
    private final int readingBytes;
    private final Stream stream;
    private final boolean roundTripMeasurable;

    private boolean targetEnded;
    private boolean targetWindowClosed;
    private boolean onlineWindowClosed;

    Plan(Random random, Nature nature) {
        this.random = new Random(random.nextLong());
        targetRandom = new Random(random.nextLong());
        behaviours = draw(random, nature);
        greeting = has(Behaviour.SERVER_SPEAKS_FIRST) ? 1 + random.nextInt(MAX_GREETING) : 0;
        int usualIntervalNs = MIN_INTERVAL_NS + random.nextInt(MAX_INTERVAL_NS - MIN_INTERVAL_NS);
        readingBytes = MIN_READING + random.nextInt(MAX_READING - MIN_READING);
        Random lots = new Random(new SplittableRandom(31L * usualIntervalNs + readingBytes).nextLong());
        stream = Stream.any(lots);
        roundTripMeasurable = !nature.clockSteps();
        boolean dense = has(Behaviour.SCHEDULED) && nature.paced() && lots.nextInt(DENSE_ONE_IN) == 0;
        intervalNs = dense ? MIN_INTERVAL_NS + lots.nextInt(MIN_INTERVAL_NS) : usualIntervalNs;
        int requests = dense ? MIN_DENSE + lots.nextInt(MAX_DENSE - MIN_DENSE) : drawRequests();
        requestEnds = new int[requests];
        responseEnds = new int[requests];
        int longOne = random.nextInt(requests);
        int requestEnd = 0;
        int responseEnd = greeting;
        for (int i = 0; i < requests; i++) {
            requestEnd += i == longOne && has(Behaviour.LONG_UPLOAD) ? longLength() : drawLength();
            if (!isAwaitingMore(i)) {
                responseEnd += i == longOne && has(Behaviour.LONG_DOWNLOAD) ? longLength() : drawLength();
            }
            requestEnds[i] = requestEnd;
            responseEnds[i] = responseEnd;
        }
        if (has(Behaviour.BREAKS_OFF)) {
            responseEnds[requests - 1] += BROKEN_OFF_LENGTH;
        }
    }

    private int drawRequests() {
        if (has(Behaviour.PUSHES)) {
            return 1 + random.nextInt(MAX_HEARTBEATS);
        }
        if (has(Behaviour.BEYOND_4_GIB)) {
            return SKIPPING_REQUESTS;
        }
        if (has(Behaviour.LONG_REQUEST)) {
            return LONG_REQUEST_PARTS + random.nextInt(MAX_REQUESTS);
        }
        return has(Behaviour.SCHEDULED)
                ? MIN_SCHEDULED + random.nextInt(MAX_SCHEDULED - MIN_SCHEDULED)
                : 1 + random.nextInt(MAX_REQUESTS);
    }

    private int drawLength() {
        return isUnpaced() ? 1 + random.nextInt(SHORT_LENGTH) : usualLength();
    }

    private static Set<Behaviour> draw(Random random, Nature nature) {
        Set<Behaviour> drawn = EnumSet.noneOf(Behaviour.class);
        for (Behaviour behaviour : Behaviour.values()) {
            if (random.nextDouble() < probability(behaviour, nature) && (!nature.orderly() || isOrderly(behaviour))) {
                drawn.add(behaviour);
            }
        }
        for (Behaviour unusual : UNUSUAL_DIALOGUES) {
            if (drawn.contains(unusual)) {
                boolean resets = unusual == Behaviour.BEYOND_4_GIB && !nature.orderly() && random.nextBoolean();
                drawn.retainAll(HARMLESS);
                drawn.add(unusual);
                if (resets) {
                    drawn.add(Behaviour.TARGET_RESETS);
                }
            }
        }
        if (drawn.contains(Behaviour.BEYOND_4_GIB)) {
            // Its numbers need the largest window.
            drawn.remove(Behaviour.NO_WINDOW_SCALE);
        }
        if (drawn.contains(Behaviour.KEEPALIVE)) {
            drawn.add(Behaviour.IDLE);
        }
        if (drawn.contains(Behaviour.CLIENT_VANISHES)) {
            // Both ends would live for ever.
            drawn.remove(Behaviour.KEEPALIVE);
        }
        return drawn;
    }

    private static boolean isOrderly(Behaviour behaviour) {
        return switch (behaviour) {
            case CLIENT_RESETS,
                    ENDLESS_RESPONSE,
                    BREAKS_OFF,
                    PORT_REUSED,
                    TARGET_CLOSES_EARLY,
                    TARGET_CLOSES_AFTER_RESPONSE,
                    TARGET_RESETS,
                    MID_STREAM -> false;
            default -> true;
        };
    }

    private static double probability(Behaviour behaviour, Nature nature) {
        if (behaviour == Behaviour.BEYOND_4_GIB && !nature.leaps()) {
            return 0;
        }
        if (nature.targetRemembers() && (behaviour == Behaviour.PORT_REUSED || behaviour == Behaviour.SERVER_CLOSES)) {
            return OFTEN;
        }
        if (behaviour == Behaviour.LONG_REQUEST) {
            // What is skipped must not be under way.
            return nature.calm() && !nature.strays() ? RARE : 0;
        }
        if (nature.strays() && behaviour == Behaviour.HANDSHAKE_UNSEEN) {
            // A client that says nothing behind its SYN cannot be told from a stray SYN.
            return 0;
        }
        if (behaviour == nature.theme()) {
            return THEME;
        }
        return nature.paced() ? probabilityWherePaced(behaviour) : usualProbability(behaviour);
    }

    /** Copies must keep pace: what makes that difficult is more frequent. */
    private static double probabilityWherePaced(Behaviour behaviour) {
        return switch (behaviour) {
            case ENDLESS_RESPONSE, BREAKS_OFF, PUSHES, SCHEDULED -> 0.03;
            case HALF_CLOSE, HANDSHAKE_UNSEEN -> 0.15;
            default -> usualProbability(behaviour);
        };
    }

    private static double usualProbability(Behaviour behaviour) {
        return switch (behaviour) {
            case ENDLESS_RESPONSE, BREAKS_OFF, BEYOND_4_GIB, PUSHES, SCHEDULED -> UNUSUAL;
            case LONG_UPLOAD, LONG_DOWNLOAD, CLIENT_VANISHES, MID_STREAM, HANDSHAKE_UNSEEN, IDLE -> RARE;
            case PIPELINED, NO_TIMESTAMPS, PORT_REUSED, SEQUENCE_WRAP -> 0.2;
            case NO_WINDOW_SCALE -> 0.1;
            default -> SOMETIMES;
        };
    }

    private int usualLength() {
        return 1 + random.nextInt(USUAL_LENGTHS[random.nextInt(USUAL_LENGTHS.length)]);
    }

    private int longLength() {
        return MIN_LONG + random.nextInt(MAX_LONG - MIN_LONG);
    }

    Set<Behaviour> behaviours() {
        return behaviours;
    }

    boolean has(Behaviour behaviour) {
        return behaviours.contains(behaviour);
    }

    int requests() {
        return requestEnds.length;
    }

    /** Whether the client sends its requests without waiting for responses. */
    boolean isUnpaced() {
        return has(Behaviour.PUSHES) || has(Behaviour.SCHEDULED) || has(Behaviour.LONG_REQUEST);
    }

    /** Whether a request goes on with the next one, as a part of a long one. */
    private boolean isAwaitingMore(int request) {
        return has(Behaviour.LONG_REQUEST) && request < LONG_REQUEST_PARTS - 1;
    }

    /** How many times bytes are left out before a request, or a part of one, in all. */
    int skipsBefore(int request) {
        return has(Behaviour.LONG_REQUEST) ? Math.min(request, LONG_REQUEST_PARTS - 1) : 0;
    }

    /** How many bytes a client leaves out at a time. */
    int skippedUpwards() {
        return SKIPPED_UPWARDS;
    }

    /** Whether the client leaves while the server still speaks. */
    boolean leavesEarly() {
        return has(Behaviour.ENDLESS_RESPONSE) || has(Behaviour.BREAKS_OFF);
    }

    /**
     * Whether the client goes when it has the last answer, and the target is quick enough with its own to be waited for. A greeting
     * that is not known of, since the client's ACK of it was not captured, counts as part of an answer; and of an answer of one byte
     * the ACK looks like that of the server's FIN.
     */
    boolean awaitsAllAnswers() {
        boolean greetingUnseen = has(Behaviour.SERVER_SPEAKS_FIRST) && has(Behaviour.HANDSHAKE_UNSEEN);
        boolean looksLikeFin = responseLength(requests() - 1) == 1;
        return !greetingUnseen && !looksLikeFin && behaviours.stream().noneMatch(IMPATIENT::contains);
    }

    /**
     * How long after the capture of a request the target must have it at most, where nothing is lost; in nanoseconds.
     *
     * @param roundTripNs the client's; one that may be so near that it has waited for each answer is followed as fast as the
     *     target answers
     * @param targetRoundTripNs the target's, without the tunnel
     */
    long lagLimitNs(long roundTripNs, long targetRoundTripNs) {
        if (has(Behaviour.SCHEDULED)) {
            long answerNs = targetRoundTripNs + SLOWEST_ANSWER_NS;
            if (!roundTripMeasurable && roundTripNs >= REPEATING_NS) {
                return Long.MAX_VALUE;
            }
            boolean far = roundTripMeasurable && roundTripNs > FAR * intervalNs;
            return far ? MAX_FAR_LAG_NS + answerNs : MAX_NEAR_LAG_NS + requests() * answerNs;
        }
        if (isUnpaced()) {
            return MAX_LAG_NS;
        }
        boolean prompt = behaviours.stream().allMatch(one -> HARMLESS.contains(one) || PROMPT.contains(one));
        return prompt ? MAX_LAG_NS : Long.MAX_VALUE;
    }

    /** How long after the capture of its end the target must hear of it; the rest as in {@link #lagLimitNs}. */
    long closingLagLimitNs(long roundTripNs, long targetRoundTripNs) {
        return leavesEarly() ? MAX_LAG_NS : lagLimitNs(roundTripNs, targetRoundTripNs);
    }

    /** Whether the client's acknowledgements tell where its requests begin: it has got the whole response before, and nothing unasked. */
    boolean tellsRequests() {
        return behaviours.stream().allMatch(one -> HARMLESS.contains(one) || ONE_AFTER_THE_OTHER.contains(one));
    }

    /** Whether no request has begun, but not ended, before a place in the client's stream. */
    boolean isBetweenRequests(int position) {
        return position == 0 || Arrays.stream(requestEnds).anyMatch(end -> end == position);
    }

    /** How long the client waits between two requests, where it does not wait for responses. */
    long intervalNs() {
        if (has(Behaviour.LONG_REQUEST)) {
            // Nothing of what was sent may still be under way, or be repeated, when numbers are skipped.
            return TimeUnit.SECONDS.toNanos(1) + random.nextInt(MAX_HEARTBEAT_NS);
        }
        return has(Behaviour.PUSHES)
                ? MIN_HEARTBEAT_NS + random.nextInt(MAX_HEARTBEAT_NS - MIN_HEARTBEAT_NS)
                : intervalNs;
    }

    /** What a response without end consists of. */
    Stream stream() {
        return stream;
    }

    /** How much of the last response a client reads at most that leaves early, in bytes. */
    int readingBytes() {
        return readingBytes;
    }

    /** How long a client reads that leaves early. */
    long readingNs() {
        return MIN_READING_NS + (long) (random.nextDouble() * (MAX_READING_NS - MIN_READING_NS));
    }

    /** Where a request begins in the client's stream. */
    int requestBegin(int request) {
        return request == 0 ? 0 : requestEnds[request - 1];
    }

    /** Where a request ends in the client's stream. */
    int requestEnd(int request) {
        return requestEnds[request];
    }

    /** Bytes of the client's stream. */
    int length() {
        return requestEnds[requests() - 1];
    }

    /** How many bytes the server has sent with a response. */
    int responseEnd(int request) {
        return responseEnds[request];
    }

    int responseLength(int request) {
        return responseEnds[request] - (request == 0 ? greeting : responseEnds[request - 1]);
    }

    /**
     * How many bytes a server skips before a response, as if they had been sent and acknowledged. tcpcopy needs none of them,
     * but believes no number beyond the window that it offers.
     *
     * @param window in bytes
     */
    int skippedBefore(int response, int window) {
        return has(Behaviour.BEYOND_4_GIB) && response > 0 && window > SMALLEST_TO_SKIP_IN
                ? Math.min(SKIPPED, window - SMALLEST_TO_SKIP_IN / 2)
                : 0;
    }

    /** Bytes that the server says first. */
    int greeting() {
        return greeting;
    }

    private Random lots(boolean onTarget) {
        return onTarget ? targetRandom : random;
    }

    /** How long a server thinks about a request. */
    long thinkingNs(boolean onTarget) {
        if (has(Behaviour.SCHEDULED)) {
            return QUICK_NS;
        }
        return lots(onTarget).nextInt(MAX_THINKING_NS);
    }

    /** How much longer a slow one thinks. */
    long slownessNs(boolean onTarget) {
        return lots(onTarget).nextInt(MAX_SLOWNESS_NS);
    }

    /** How long the client waits before its next request. */
    long pauseNs() {
        return has(Behaviour.IDLE) && random.nextInt(2) == 0
                ? TimeUnit.SECONDS.toNanos(1 + random.nextInt(MAX_IDLE_S))
                : random.nextInt(MAX_PAUSE_NS);
    }

    /** What the client's end is capable of. */
    Tcp.Traits traitsOfClient() {
        int scale = has(Behaviour.NO_WINDOW_SCALE) ? TcpOptions.ABSENT : drawScale(random);
        boolean largest = has(Behaviour.BEYOND_4_GIB);
        return traits(random, !has(Behaviour.NO_TIMESTAMPS), largest ? LARGEST_SCALE : scale, MSS);
    }

    /** What a server's end is capable of. */
    Tcp.Traits traitsOfServer(boolean onTarget) {
        Random lots = lots(onTarget);
        int scale = drawScale(lots);
        return traits(lots, true, scale, onTarget ? TARGET_MSS[lots.nextInt(TARGET_MSS.length)] : MSS);
    }

    private static int drawScale(Random lots) {
        return 1 + lots.nextInt(MAX_SCALE);
    }

    private Tcp.Traits traits(Random lots, boolean timestamps, int scale, int mss) {
        long keepaliveNs = has(Behaviour.KEEPALIVE) ? KEEPALIVE_NS : Long.MAX_VALUE;
        int receiveBuffer = has(Behaviour.CLOSED_WINDOW) ? SMALL_BUFFER : USUAL_BUFFER;
        return new Tcp.Traits(mss, timestamps, scale, receiveBuffer, lots.nextBoolean(), keepaliveNs);
    }

    /** How long the client waits before its first request. */
    long firstPauseNs() {
        return has(Behaviour.HANDSHAKE_UNSEEN)
                ? TimeUnit.SECONDS.toNanos(1 + random.nextInt(MAX_FIRST_PAUSE_S))
                : random.nextInt(2) * pauseNs();
    }

    /** Whether the target closes or resets connections on its own. */
    boolean targetEndsConnections() {
        return has(Behaviour.TARGET_CLOSES_EARLY)
                || has(Behaviour.TARGET_CLOSES_AFTER_RESPONSE)
                || has(Behaviour.TARGET_RESETS);
    }

    /** Whether the target closes or resets now: once in a plan. */
    boolean targetEndsConnectionNow() {
        boolean now = !targetEnded && targetRandom.nextBoolean();
        targetEnded |= now;
        return now;
    }

    /** Whether a server stops reading for a while now: once on each host. */
    boolean windowClosesNow(boolean onTarget) {
        boolean closed = onTarget ? targetWindowClosed : onlineWindowClosed;
        boolean now = !closed && lots(onTarget).nextBoolean();
        targetWindowClosed |= now && onTarget;
        onlineWindowClosed |= now && !onTarget;
        return now;
    }
}
