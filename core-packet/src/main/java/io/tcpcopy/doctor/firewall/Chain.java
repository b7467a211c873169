package io.tcpcopy.doctor.firewall;

import io.tcpcopy.doctor.firewall.Rule.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A chain of rules, as far as they concern one packet. */
final class Chain {
    private final String table;
    private final String name;
    private final List<Rule> rules = new ArrayList<>();
    /** Where the kernel calls it, such as {@code output}; empty for one that others jump to. */
    private Optional<String> hook = Optional.empty();

    private Action policy = Action.ACCEPT;

    /** A chain without rules that nothing calls. */
    Chain(String table, String name) {
        this.table = table;
        this.name = name;
    }

    String table() {
        return table;
    }

    String name() {
        return name;
    }

    Optional<String> hook() {
        return hook;
    }

    Action policy() {
        return policy;
    }

    List<Rule> rules() {
        return rules;
    }

    void hookedAt(String newHook) {
        hook = Optional.of(newHook);
    }

    void setPolicy(Action newPolicy) {
        policy = newPolicy;
    }

    void add(Rule rule) {
        rules.add(rule);
    }
}
