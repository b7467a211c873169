package io.tcpcopy.doctor.firewall;

import io.tcpcopy.doctor.firewall.Rule.Action;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what {@code iptables-save} prints: tables, chains with their policies, and rules as options of a command line. */
final class IptablesSave {
    /** Words, and what is in quotes as one. */
    private static final Pattern WORD = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|(\\S+)");

    private static final String NEGATION = "!";
    /** The queue of {@code -j NFQUEUE} that names none. */
    private static final String FIRST_QUEUE = "0";

    private final LeavingPacket packet;
    private final Map<String, Chain> chains = new LinkedHashMap<>();
    private String table = "";

    private IptablesSave(LeavingPacket packet) {
        this.packet = packet;
    }

    /** The chains, as far as they concern a packet. */
    static RuleSet read(String printed, LeavingPacket packet) {
        IptablesSave reader = new IptablesSave(packet);
        printed.lines().forEach(reader::readLine);
        return new RuleSet(List.copyOf(reader.chains.values()));
    }

    private void readLine(String line) {
        if (line.startsWith("*")) {
            table = line.substring(1);
        } else if (line.startsWith(":")) {
            readChain(line.substring(1).split(" "));
        } else if (line.startsWith("-A ")) {
            readRule(line);
        }
    }

    /** {@code OUTPUT ACCEPT [0:0]}; a chain that others jump to has a dash in place of a policy. */
    private void readChain(String[] words) {
        Chain chain = chain(words[0]);
        if (!words[1].equals("-")) {
            chain.hookedAt(words[0].toLowerCase(Locale.ROOT));
            chain.setPolicy(Action.of(words[1]));
        }
    }

    private Chain chain(String name) {
        return chains.computeIfAbsent(table + " " + name, key -> new Chain(table, name));
    }

    private void readRule(String line) {
        List<String> words = words(line);
        Match match = Match.YES;
        Action action = Action.CONTINUE;
        String goesTo = "";
        int i = 2;
        while (i < words.size()) {
            boolean isNegated = words.get(i).equals(NEGATION);
            i += isNegated ? 1 : 0;
            String option = words.get(i++);
            int end = i;
            while (end < words.size() && !isOption(words.get(end))) {
                end++;
            }
            List<String> values = words.subList(i, end);
            i = end;
            switch (option) {
                case "-j", "-g" -> {
                    String target = values.get(0);
                    action = Action.of(target);
                    if (action == Action.CONTINUE) {
                        // A target of the kernel's that decides nothing is no chain either, and is not found.
                        action = option.equals("-g") ? Action.GOTO : Action.JUMP;
                        goesTo = target;
                    } else if (action == Action.QUEUE) {
                        goesTo = FIRST_QUEUE;
                    }
                    // What follows says more about the action, and no more about packets.
                    while (i < words.size()) {
                        if (words.get(i).startsWith("--queue-")
                                && i + 1 < words.size()
                                && !isOption(words.get(i + 1))) {
                            goesTo = words.get(i + 1);
                        }
                        i++;
                    }
                }
                default -> {
                    Match condition = condition(option, values);
                    match = match.and(isNegated ? condition.not() : condition);
                }
            }
        }
        chain(words.get(1)).add(new Rule(line, match, action, goesTo));
    }

    private static boolean isOption(String word) {
        return word.startsWith("-") && word.length() > 1 && !Character.isDigit(word.charAt(1)) || word.equals(NEGATION);
    }

    private Match condition(String option, List<String> values) {
        List<String> list =
                values.isEmpty() ? List.of() : Arrays.asList(values.get(0).split(","));
        return switch (option) {
            case "-m", "--comment" -> Match.YES;
            case "-p" -> packet.protocolIn(list);
            case "-d", "--dst-range" -> packet.addressIn(list);
            case "--dport", "--dports" -> packet.portIn(list);
            case "-o" -> packet.deviceIn(list);
            case "-i" -> Match.NO;
            case "--ctstate", "--state" -> packet.stateIn(list);
            default -> Match.MAYBE;
        };
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return words;
    }
}
