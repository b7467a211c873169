package io.tcpcopy.doctor.firewall;

import io.tcpcopy.doctor.firewall.Rule.Action;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code nft list ruleset} prints: tables, and chains in them, each known by how far its lines are indented. */
final class NftRuleset {
    private static final Pattern TABLE = Pattern.compile("table (\\S+) (\\S+) \\{");
    private static final Pattern CHAIN = Pattern.compile("\tchain (\\S+) \\{(?: #.*)?");
    private static final String END_OF_CHAIN = "\t}";
    private static final String INSIDE = "\t\t";
    private static final Pattern HOOK = Pattern.compile("type \\S+ hook (\\S+) (?:devices? (?:= )?(.+?) )?priority.*");
    private static final String DROP_POLICY = "policy drop;";
    /** Those in which IPv4 packets and frames come by when they leave. */
    private static final Set<String> FAMILIES = Set.of("ip", "inet", "netdev");

    private final LeavingPacket packet;
    private final List<Chain> chains = new ArrayList<>();
    private String table = "";
    private boolean isOfFamily;
    /** Null outside of one. */
    private Chain chain;

    private NftRuleset(LeavingPacket packet) {
        this.packet = packet;
    }

    /** The chains, as far as they concern a packet. */
    static RuleSet read(String printed, LeavingPacket packet) {
        NftRuleset reader = new NftRuleset(packet);
        printed.lines().forEach(reader::readLine);
        return new RuleSet(reader.chains);
    }

    private void readLine(String line) {
        Matcher newTable = TABLE.matcher(line);
        Matcher newChain = CHAIN.matcher(line);
        if (newTable.matches()) {
            isOfFamily = FAMILIES.contains(newTable.group(1));
            table = newTable.group(1) + " " + newTable.group(2);
        } else if (newChain.matches() && isOfFamily) {
            chain = new Chain(table, newChain.group(1));
            chains.add(chain);
        } else if (line.equals(END_OF_CHAIN)) {
            chain = null;
        } else if (chain != null && line.startsWith(INSIDE)) {
            readInside(line.strip());
        }
    }

    private void readInside(String line) {
        Matcher hook = HOOK.matcher(line);
        if (!hook.matches()) {
            NftRule.read(line, packet).forEach(chain::add);
            return;
        }
        List<String> devices = hook.group(2) == null ? List.of() : NftRule.elements(hook.group(2));
        if (devices.isEmpty() || packet.deviceIn(devices) == Match.YES) {
            chain.hookedAt(hook.group(1));
        }
        if (line.contains(DROP_POLICY)) {
            chain.setPolicy(Action.DROP);
        }
    }

    /** A rule, read from left to right: conditions and statements, then what becomes of the packet. */
    private static final class NftRule {
        /** What is in quotes or braces is one word. */
        private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|\\{[^}]*\\}|\\S+");

        private static final Pattern BRACES_AND_QUOTES = Pattern.compile("[{}\"]");
        private static final Pattern COMMA = Pattern.compile(",");
        private static final String KEY_END = ":";

        /** Of {@code counter packets 0 bytes 0}, behind the first. */
        private static final int WORDS_OF_COUNTER = 4;

        private static final int WORDS_OF_NAMED_COUNTER = 2;

        private final String text;
        private final LeavingPacket packet;
        private final List<String> words = new ArrayList<>();
        private final List<Rule> rules = new ArrayList<>();
        private Match match = Match.YES;
        private int next;

        private NftRule(String text, LeavingPacket packet) {
            this.text = text;
            this.packet = packet;
            Matcher matcher = WORD.matcher(text);
            while (matcher.find()) {
                words.add(matcher.group());
            }
        }

        /** The rule; for one that chooses by a map, one for each element. */
        static List<Rule> read(String line, LeavingPacket packet) {
            NftRule rule = new NftRule(line, packet);
            while (rule.next < rule.words.size()) {
                rule.readPart();
            }
            return rule.rules;
        }

        /** What a word stands for: itself, or the elements of a set. */
        static List<String> elements(String word) {
            return Arrays.stream(COMMA.split(BRACES_AND_QUOTES.matcher(word).replaceAll("")))
                    .map(String::strip)
                    .filter(element -> !element.isEmpty())
                    .toList();
        }

        private interface Condition {
            Match of(List<String> values);
        }

        private String take() {
            return next < words.size() ? words.get(next++) : "";
        }

        private void readPart() {
            String word = take();
            switch (word) {
                case "counter" ->
                    next += peek().equals("packets")
                            ? WORDS_OF_COUNTER
                            : peek().equals("name") ? WORDS_OF_NAMED_COUNTER : 0;
                case "comment" -> take();
                case "log" -> passToAction();
                case "meta", "notrack" -> {
                    // What follows says what is meant, or there is nothing to it.
                }
                case "xt" -> readExtension();
                case "ip" -> readField(take());
                case "tcp", "udp", "th" -> {
                    match = match.and(word.equals("th") ? Match.YES : packet.protocolIn(List.of(word)));
                    readField(take());
                }
                case "ct" -> readField("ct " + take());
                case "ip6", "icmp", "icmpv6", "arp", "vlan" -> {
                    match = Match.NO;
                    passToAction();
                }
                default -> {
                    Action action = Action.of(word);
                    if (action == Action.CONTINUE) {
                        readField(word);
                    } else {
                        readAction(action);
                    }
                }
            }
        }

        private String peek() {
            return next < words.size() ? words.get(next) : "";
        }

        private void passToAction() {
            while (next < words.size() && Action.of(peek()) == Action.CONTINUE) {
                next++;
            }
        }

        /** {@code xt match "x"} and {@code xt target "x"}: what iptables' own modules do, of which nft knows the name alone. */
        private void readExtension() {
            boolean isTarget = take().equals("target");
            String name = elements(take()).stream().findFirst().orElse("");
            if (isTarget) {
                rules.add(new Rule(text, match, Action.of(name), ""));
            } else if (!name.equals("comment")) {
                match = match.and(Match.MAYBE);
            }
        }

        private void readField(String field) {
            Condition condition = switch (field) {
                case "daddr" -> packet::addressIn;
                case "dport" -> packet::portIn;
                case "protocol", "l4proto" -> packet::protocolIn;
                case "nfproto" -> values -> Match.of(values.contains("ipv4"));
                case "oif", "oifname" -> packet::deviceIn;
                case "iif", "iifname" -> values -> Match.NO;
                case "ct state" -> packet::stateIn;
                default -> values -> Match.MAYBE;
            };
            switch (peek()) {
                case "set" -> next += 2;
                case "vmap" -> {
                    next++;
                    elements(take()).forEach(element -> readElement(element, condition));
                }
                case "!=" -> {
                    next++;
                    match = match.and(holds(condition, take()).not());
                }
                default -> match = match.and(holds(condition, isAction(peek()) ? "@" : take()));
            }
        }

        /** Sets with a name, and masks, are not looked into. */
        private static Match holds(Condition condition, String value) {
            return value.isEmpty() || value.startsWith("@") || value.equals("&")
                    ? Match.MAYBE
                    : condition.of(elements(value));
        }

        private static boolean isAction(String word) {
            return Action.of(word) != Action.CONTINUE;
        }

        /** {@code 80 : drop}: an element of a map to what becomes of the packet. */
        private void readElement(String element, Condition condition) {
            int end = element.lastIndexOf(KEY_END);
            if (end >= 0) {
                String[] verdict = element.substring(end + 1).strip().split(" ");
                Match key = condition.of(List.of(element.substring(0, end).strip()));
                rules.add(new Rule(text, match.and(key), Action.of(verdict[0]), verdict.length > 1 ? verdict[1] : ""));
            }
        }

        private void readAction(Action action) {
            String goesTo = "";
            if (action == Action.JUMP || action == Action.GOTO) {
                goesTo = take();
            } else if (action == Action.QUEUE) {
                goesTo = queue();
            }
            rules.add(new Rule(text, match, action, goesTo));
            // What follows says more about the action.
            next = words.size();
        }

        /** {@code num 0}, {@code flags bypass to 0-3}, or nothing, which is queue 0. */
        private String queue() {
            for (int i = next; i < words.size() - 1; i++) {
                if (words.get(i).equals("num") || words.get(i).equals("to")) {
                    return words.get(i + 1);
                }
            }
            return "0";
        }
    }
}
