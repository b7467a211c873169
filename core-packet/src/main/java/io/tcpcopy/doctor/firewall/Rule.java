package io.tcpcopy.doctor.firewall;

import java.util.Locale;

/**
 * A rule, as far as it concerns one packet.
 *
 * @param text as it was printed
 * @param match whether it is for the packet
 * @param action what becomes of it then
 * @param goesTo the chain that {@link Action#JUMP} and {@link Action#GOTO} name; the number of the queue with {@link Action#QUEUE};
 *     else empty
 */
public record Rule(String text, Match match, Action action, String goesTo) {
    /** What becomes of a packet. */
    public enum Action {
        /** The next rule is looked at: it is counted, marked, or what is not known. */
        CONTINUE,
        /** No further rule of this hook and priority is looked at. */
        ACCEPT,
        /** It is lost. */
        DROP,
        /** It is lost, and its source is told. */
        REJECT,
        /** Its source becomes another one. */
        SNAT,
        /** Its destination becomes another one. */
        DNAT,
        /** A program decides. */
        QUEUE,
        /** The chain that led here goes on. */
        RETURN,
        /** Another chain follows, then this one goes on. */
        JUMP,
        /** Another chain follows. */
        GOTO;

        /** The action of a word of nft, or of iptables' targets, in any case; CONTINUE for one that decides nothing. */
        static Action of(String word) {
            return switch (word.toLowerCase(Locale.ROOT)) {
                case "accept" -> ACCEPT;
                case "drop" -> DROP;
                case "reject" -> REJECT;
                case "snat", "masquerade", "netmap" -> SNAT;
                case "dnat", "redirect" -> DNAT;
                case "queue", "nfqueue" -> QUEUE;
                case "return" -> RETURN;
                case "jump" -> JUMP;
                case "goto" -> GOTO;
                default -> CONTINUE;
            };
        }
    }
}
