package io.tcpcopy.tcpcopy.options;

import io.tcpcopy.packet.Ipv4Header;

/** What is copied. */
public enum Protocol {
    /** Connections. */
    TCP("tcp", Ipv4Header.PROTOCOL_TCP),
    /** Datagrams. */
    UDP("udp", Ipv4Header.PROTOCOL_UDP);

    private final String filter;
    private final int number;

    Protocol(String filter, int number) {
        this.filter = filter;
        this.number = number;
    }

    /** Its name in pcap-filter(7) syntax. */
    String filter() {
        return filter;
    }

    /** IANA's number. */
    int number() {
        return number;
    }
}
