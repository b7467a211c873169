package io.tcpcopy.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What became of the client's requests at a server; each list names requests by their path.
 *
 * @param sent how many the client sent
 * @param arrived how many different ones of them arrived
 * @param lost those that did not arrive, once for each missing copy
 * @param doubled those that arrived more often than they should, once for each repetition
 * @param altered those that arrived with another method or body
 * @param disordered those that arrived behind a later one of their connection
 * @param unknown those that the client did not send
 */
public record Tally(
        int sent,
        int arrived,
        List<String> lost,
        List<String> doubled,
        List<String> altered,
        List<String> disordered,
        List<String> unknown) {

    private static final int EXAMPLES = 5;

    /** Compares the client's requests with those that arrived, each in the order of its log. */
    public static Tally of(List<RequestRecord> sent, List<RequestRecord> arrived) {
        return ofCopies(1, sent, arrived);
    }

    /** Compares where each request is to arrive several times: what is missing of them is lost, what is more doubled. */
    public static Tally ofCopies(int copies, List<RequestRecord> sent, List<RequestRecord> arrived) {
        Map<String, RequestRecord> originals = new LinkedHashMap<>();
        sent.forEach(request -> originals.put(request.path(), request));
        Map<String, Integer> arrivals = new HashMap<>();
        Map<String, Integer> latest = new HashMap<>();
        List<String> doubled = new ArrayList<>();
        List<String> altered = new ArrayList<>();
        List<String> disordered = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (RequestRecord request : arrived) {
            String path = request.path();
            RequestRecord original = originals.get(path);
            if (original == null) {
                unknown.add(path);
                continue;
            }
            int times = arrivals.merge(path, 1, Integer::sum);
            if (times > copies) {
                doubled.add(path);
            }
            if (times == 1 && number(path) < latest.merge(connection(path), number(path), Math::max)) {
                disordered.add(path);
            }
            if (!(request.method().equals(original.method()) && request.hasBodyOf(original))) {
                altered.add(path);
            }
        }
        List<String> lost = new ArrayList<>();
        for (String path : originals.keySet()) {
            for (int times = arrivals.getOrDefault(path, 0); times < copies; times++) {
                lost.add(path);
            }
        }
        return new Tally(sent.size(), arrivals.size(), lost, doubled, altered, disordered, unknown);
    }

    /**
     * Compares for a copy that began while the connections were running: of each connection only the requests from the
     * first that arrived on are looked at. One of which nothing arrived is lost as a whole.
     */
    public static Tally fromFirstArrivalOn(List<RequestRecord> sent, List<RequestRecord> arrived) {
        Map<String, Integer> first = new HashMap<>();
        arrived.forEach(request -> first.merge(connection(request.path()), number(request.path()), Math::min));
        Predicate<RequestRecord> counts =
                request -> number(request.path()) >= first.getOrDefault(connection(request.path()), 0);
        return of(sent.stream().filter(counts).toList(), arrived);
    }

    /** {@code /r/RUN/CONNECTION} of {@code /r/RUN/CONNECTION/NUMBER}. */
    private static String connection(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    private static int number(String path) {
        return Integer.parseInt(path.substring(path.lastIndexOf('/') + 1));
    }

    /** The same, but for what is lost. */
    public Tally withoutLost() {
        return new Tally(sent, arrived, List.of(), doubled, altered, disordered, unknown);
    }

    /** Whether every request arrived exactly once, unaltered, in the order of its connection, and nothing else did. */
    public boolean isExact() {
        return lost.isEmpty() && doubled.isEmpty() && altered.isEmpty() && disordered.isEmpty() && unknown.isEmpty();
    }

    /** Says it in a line, with a few examples of each kind of fault. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("%d sent, %d arrived".formatted(sent, arrived));
        append(text, "lost", lost);
        append(text, "doubled", doubled);
        append(text, "altered", altered);
        append(text, "out of order", disordered);
        append(text, "never sent", unknown);
        return text.toString();
    }

    private static void append(StringBuilder text, String fault, List<String> paths) {
        text.append(", ").append(paths.size()).append(' ').append(fault);
        if (!paths.isEmpty()) {
            text.append(" (")
                    .append(String.join(" ", paths.subList(0, Math.min(EXAMPLES, paths.size()))))
                    .append(paths.size() > EXAMPLES ? " ...)" : ")");
        }
    }

    /**
     * Compares the log of the client with that of a server; exits with 1 unless they agree exactly.
     *
     * <p>Usage: {@code Tally CLIENT_LOG SERVER_LOG}
     */
    public static void main(String[] args) {
        Tally tally = of(RequestRecord.readAll(Path.of(args[0])), RequestRecord.readAll(Path.of(args[1])));
        System.out.println(tally);
        System.exit(tally.isExact() ? 0 : 1);
    }
}
