package io.tcpcopy.bench;

import io.tcpcopy.bench.RowResult.Spread;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A row with one of ours beside the same with the peer.
 *
 * @param ours at least one run of ours
 * @param peer at least one run of the peer
 */
record Comparison(RowResult ours, RowResult peer) {

    /** Each of ours, if there is a peer to compare it with; where a row came to nothing there is nothing to compare. */
    static List<Comparison> of(List<RowResult> ofRow) {
        List<RowResult> there =
                ofRow.stream().filter(result -> !result.runs().isEmpty()).toList();
        return there.stream()
                .filter(result -> !result.contender().ours())
                .flatMap(peer -> there.stream()
                        .filter(result -> result.contender().ours())
                        .map(ours -> new Comparison(ours, peer)))
                .toList();
    }

    /**
     * What a request costs ours, divided by what it costs the peer: the first run by the peer's first, since both met the same
     * conditions, and so on; behind a run that came to nothing, by that of another turn. Empty if the peer cost less than the
     * kernel can tell.
     */
    Optional<Spread> ratio(Program program) {
        return Spread.of(IntStream.range(
                        0, Math.min(ours.runs().size(), peer.runs().size()))
                .mapToDouble(i -> program.cpuMicrosPerRequest(ours.runs().get(i))
                        / program.cpuMicrosPerRequest(peer.runs().get(i)))
                .filter(Double::isFinite));
    }
}
