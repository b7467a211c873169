package io.tcpcopy.doctor.firewall;

import io.tcpcopy.doctor.firewall.Rule.Action;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The chains of a host, as far as they concern one packet. */
public final class RuleSet {
    /** Where packets of the IP layer come by when they leave. */
    private static final Set<String> HOOKS_OF_IP = Set.of("output", "postrouting");
    /** Where all that leaves by a device comes by, frames included (since Linux 5.16). */
    private static final String HOOK_OF_DEVICE = "egress";
    /** Where packets of other hosts come by that this one sends on. */
    private static final Set<String> HOOK_OF_FORWARDING = Set.of("forward");

    private static final Set<Action> DROPS = Set.of(Action.DROP, Action.REJECT);
    /** {@code NFT_JUMP_STACK_SIZE} of the kernel: chains cannot lead deeper. */
    private static final int MAX_DEPTH = 16;

    private final List<Chain> chains;

    RuleSet(List<Chain> chains) {
        this.chains = List.copyOf(chains);
    }

    /** Both together. */
    RuleSet and(RuleSet other) {
        return new RuleSet(Stream.concat(chains.stream(), other.chains.stream()).toList());
    }

    /**
     * A rule that the packet meets and does not pass as it is.
     *
     * @param rule the rule
     * @param place the table and chain that it stands in
     * @param isCertain whether it surely meets the rule: else conditions are not understood, or depend on where it comes from
     */
    public record Hit(Rule rule, String place, boolean isCertain) {
        /** For people: {@code "-A OUTPUT -j DROP" (filter OUTPUT)}. */
        public String text() {
            return '"' + rule.text() + "\" (" + place + ")";
        }
    }

    /** The rules that a packet does not pass as it is, in the order in which it comes by. */
    public List<Hit> hits() {
        Walk walk = new Walk();
        Stream.concat(HOOKS_OF_IP.stream().sorted(), Stream.of(HOOK_OF_DEVICE)).forEach(walk::through);
        return walk.hits;
    }

    /** Those of a frame, which passes the device's chains alone. */
    public List<Hit> hitsOfFrame() {
        Walk walk = new Walk();
        walk.through(HOOK_OF_DEVICE);
        return walk.hits;
    }

    /** Whether a rule for packets that leave hands some to a queue of this number. */
    boolean hasQueue(int number) {
        return reachedFrom(HOOKS_OF_IP).stream()
                .flatMap(chain -> chain.rules().stream())
                .anyMatch(rule -> rule.action() == Action.QUEUE && covers(rule.goesTo(), number));
    }

    /** Whether a rule, or what becomes of packets without one, drops anything that is forwarded. */
    boolean mayDropForwarded() {
        return reachedFrom(HOOK_OF_FORWARDING).stream()
                .anyMatch(chain -> chain.policy() == Action.DROP
                        || chain.rules().stream().map(Rule::action).anyMatch(DROPS::contains));
    }

    private Set<Chain> reachedFrom(Set<String> hooks) {
        Set<Chain> visited = new HashSet<>();
        chains.stream()
                .filter(chain -> chain.hook().filter(hooks::contains).isPresent())
                .forEach(chain -> visit(chain, visited));
        return visited;
    }

    private void visit(Chain chain, Set<Chain> visited) {
        if (visited.add(chain)) {
            chain.rules().stream()
                    .flatMap(rule -> find(chain.table(), rule.goesTo()).stream())
                    .forEach(next -> visit(next, visited));
        }
    }

    /** Whether a queue, {@code 0}, or several, {@code 0-3} or {@code 0:3}, are or have that of a number. */
    private static boolean covers(String queues, int number) {
        String[] ends = queues.split("[-:]");
        try {
            return Integer.parseInt(ends[0]) <= number && number <= Integer.parseInt(ends[ends.length - 1]);
        } catch (NumberFormatException e) {
            // nft does not say what iptables' own module has: it may be this one.
            return queues.isEmpty();
        }
    }

    /** The way of the packet through the chains. */
    private final class Walk {
        private final List<Hit> hits = new ArrayList<>();
        /** Whether a rule before may have let it through already. */
        private boolean mayBeThrough;

        void through(String hook) {
            for (Chain chain : chains) {
                if (chain.hook().filter(hook::equals).isPresent()) {
                    mayBeThrough = false;
                    if (!ends(chain, Match.YES, 0) && chain.policy() == Action.DROP) {
                        meet(new Rule("policy drop", Match.YES, Action.DROP, ""), chain, Match.YES);
                    }
                }
            }
        }

        /** Whether the packet surely goes no further than this chain. */
        private boolean ends(Chain chain, Match comesHere, int depth) {
            for (Rule rule : chain.rules()) {
                Match match = rule.match().and(comesHere);
                if (match == Match.NO) {
                    continue;
                }
                boolean isSure = match == Match.YES;
                switch (rule.action()) {
                    case CONTINUE -> {
                        // It is counted, or marked.
                    }
                    case ACCEPT -> {
                        if (isSure) {
                            return true;
                        }
                        mayBeThrough = true;
                    }
                    case RETURN -> {
                        if (isSure) {
                            return false;
                        }
                        mayBeThrough = true;
                    }
                    case DROP, REJECT, SNAT, DNAT, QUEUE -> {
                        meet(rule, chain, match);
                        if (isSure) {
                            return true;
                        }
                    }
                    case JUMP, GOTO -> {
                        Optional<Chain> next = find(chain.table(), rule.goesTo());
                        if (next.isPresent() && depth < MAX_DEPTH && ends(next.get(), match, depth + 1) && isSure) {
                            return true;
                        }
                        if (rule.action() == Action.GOTO && isSure) {
                            return false;
                        }
                    }
                }
            }
            return false;
        }

        private void meet(Rule rule, Chain chain, Match match) {
            hits.add(new Hit(rule, chain.table() + " " + chain.name(), match == Match.YES && !mayBeThrough));
        }
    }

    private Optional<Chain> find(String table, String name) {
        return chains.stream()
                .filter(chain -> chain.table().equals(table) && chain.name().equals(name))
                .findFirst();
    }
}
