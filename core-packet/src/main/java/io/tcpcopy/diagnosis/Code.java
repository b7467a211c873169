package io.tcpcopy.diagnosis;

import java.util.List;

/**
 * What can be wrong, each under a number that never changes its meaning: {@code TC101}. The same code stands in the log, in what doctor
 * and probe say, and is a heading in docs/diagnosis.md. 1xx is about this host, 2xx about what production could notice, 3xx about the way
 * to the target and the target, 4xx about the way back, 5xx about the tunnel, 6xx about losses while running.
 */
public enum Code {
    /** A right of the process. */
    PRIVILEGE(101, "A privilege is missing"),
    /** The library for filters and captures. */
    LIBPCAP(102, "libpcap is missing or too old"),
    /** What is captured on. */
    DEVICE(103, "A device is missing, down or of a kind that cannot be used"),
    /** The filter and the ports do not go together. */
    FILTER_TAKES_NOTHING(104, "The filter takes nothing of what is to be copied"),
    /** A shell has divided the filter, or libpcap does not know its words. */
    FILTER_WORDS(105, "The filter is not one argument, or not understood"),
    /** The copy has no input. */
    NOTHING_CAPTURED(106, "Nothing of what is to be copied is seen"),
    /** Of the process or its control group. */
    MEMORY_LIMIT(107, "Less memory is there than the copy may use"),
    /** Where the kernel takes the time from. */
    CLOCK(108, "The clock takes long to read"),
    /** The online port. */
    ONLINE_PORT(109, "Nothing listens on the online port"),
    /** Of sockets and rings. */
    BUFFERS(110, "Buffers of the kernel are small"),
    /** A full disk, mostly. */
    LOG(111, "The log cannot be written"),

    /** Rules for what leaves. */
    FIREWALL_OUT(201, "This host's firewall or NAT holds copies back or changes them"),
    /** The kernel's table of connections. */
    CONNTRACK(202, "The connection tracking table is nearly full"),
    /** A copy whose answers cannot come back. */
    OWN_ADDRESS(203, "Clients have addresses that no answer can come back to"),
    /** The copy goes where it comes from. */
    COPIES_TO_ITSELF(204, "The copy goes to where it is taken from"),
    /** Frames or the raw socket. */
    WAY_OUT(205, "Copies cannot leave as --inject asks"),

    /** The kernel knows no way. */
    NO_ROUTE_TO_TARGET(301, "There is no route to the target"),
    /** ARP is not answered. */
    NEXT_HOP_SILENT(302, "The next hop on the way to the target does not answer"),
    /** RST on SYN. */
    TARGET_REFUSES(303, "The target refuses connections"),
    /** Some handshakes fail. */
    TARGET_OVERLOADED(304, "The target answers a part of the handshakes only"),
    /** The protocol does not agree with the copy. */
    TARGET_ENDS_EARLY(305, "The target ends connections that their clients go on using"),
    /** A black hole for long packets. */
    LONG_PACKETS_LOST(306, "Long packets do not arrive at the target"),
    /** Rules for what comes in. */
    TARGET_FIREWALL(307, "The target's firewall drops or changes packets"),
    /** RSTs of copies that use a port again. */
    TARGET_IGNORES_RESETS(308, "The target ignores resets of connections that have ended"),
    /** It answers no more. */
    TARGET_SILENT(309, "The target falls silent in the middle of connections"),
    /** Anti-spoofing of a switch, a hypervisor or a cloud. */
    FOREIGN_SOURCES_DROPPED(310, "Something on the way drops packets with clients' addresses"),

    /** The most frequent trouble. */
    NOTHING_COMES_BACK(401, "Nothing comes back of what is sent"),
    /** Responses reach real clients. */
    ASSISTANT_FORWARDS(402, "The assistant forwards packets"),
    /** A host drops what comes from where it would not send to. */
    REVERSE_PATH_FILTER(403, "The reverse-path filter drops packets with clients' addresses"),
    /** Responses go elsewhere. */
    TARGET_ROUTE(404, "The target does not route its responses to the assistant"),
    /** The filter and the responses do not go together. */
    INTERCEPT_FILTER(405, "intercept's filter takes no responses"),
    /** For --traditional. */
    QUEUE_RULE(406, "No firewall rule hands responses to intercept"),
    /** From another address than was asked. */
    ANSWERED_ELSEWHERE(407, "Responses come from an address that -x does not name"),
    /** Nobody wants them. */
    UNASKED_RESPONSES(408, "Responses are captured that no tcpcopy asks for"),
    /** intercept hears of connections and sees none. */
    NO_RESPONSES(409, "No responses are captured although tcpcopy asks for them"),

    /** Nobody listens. */
    INTERCEPT_REFUSES(501, "No intercept listens there"),
    /** Nothing comes back of a connection attempt. */
    INTERCEPT_UNREACHABLE(502, "intercept's host cannot be reached"),
    /** It does not want this tcpcopy. */
    INTERCEPT_CLOSES(503, "intercept closes the connection"),
    /** One program has an option that the other has not. */
    MODES_DIFFER(504, "tcpcopy and intercept do not speak the same mode"),
    /** Nobody asks for responses. */
    NO_TCPCOPY(505, "No tcpcopy is connected"),
    /** The other end does not read. */
    TUNNEL_FULL(506, "The tunnel's queue is full"),
    /** Of intercept. */
    LISTEN_PORT(507, "intercept cannot listen on its address and port"),

    /** The kernel's buffer was full. */
    KERNEL_DROPS(601, "The kernel drops captured packets"),
    /** The card's buffer was full. */
    CARD_DROPS(602, "The network card drops packets"),
    /** What no copy is made of. */
    IPV6(603, "Clients use IPv6, which is not copied"),
    /** Cut by the capture. */
    CAPTURED_SHORT(604, "Packets are captured short"),
    /** Parts of IP packets. */
    FRAGMENTS(605, "Packets are IP fragments"),
    /** Clients on this host. */
    LOOPBACK_CLIENTS(606, "Clients on 127.0.0.1 need another address"),
    /** A target on loopback. */
    NOT_LOCAL(607, "A target on loopback cannot take other hosts' clients"),
    /** Bytes that were never seen. */
    GAPS(608, "The capture has gaps"),
    /** All are in use. */
    NO_PORT(609, "No source port is free"),
    /** The kernel did not take it. */
    INJECTION_REFUSED(610, "The kernel refuses packets for the target"),
    /** It takes them later than they come. */
    DEVICE_FULL(611, "The device towards the target is full"),
    /** SYNs in vain. */
    HANDSHAKES_UNANSWERED(612, "Handshakes are not answered"),
    /** Left out on purpose. */
    SHED(613, "Not all can be copied"),
    /** Slower than production. */
    TARGET_SLOW(614, "The target is slower than the online server"),
    /** Of connections before. */
    STRAGGLERS(615, "Payload of former connections comes late"),
    /** The budget of sessions. */
    MEMORY(616, "The memory budget is used up"),
    /** A bug. */
    FAULT(617, "This program has a fault"),
    /** Told to stop. */
    STOPPED(618, "The program was stopped in the middle of connections"),
    /** More than can be held. */
    ROUTES_EVICTED(619, "intercept holds as many routes as it can");

    private static final String PREFIX = "TC";
    /** By the hundreds of the number. */
    private static final List<String> SUBJECTS =
            List.of("this host", "production", "the target", "the way back", "the tunnel", "losses");

    private static final int HUNDRED = 100;

    private final int number;
    private final String title;

    Code(int number, String title) {
        this.number = number;
        this.title = title;
    }

    /** As it is written: {@code TC101}. */
    public String text() {
        return PREFIX + number;
    }

    /** What it is about, as in the heading of docs/diagnosis.md. */
    public String title() {
        return title;
    }

    /** What codes of this hundred are about: the part of the way. */
    public String about() {
        return SUBJECTS.get(number / HUNDRED - 1);
    }
}
