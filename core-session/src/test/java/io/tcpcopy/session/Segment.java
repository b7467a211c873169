package io.tcpcopy.session;

import io.tcpcopy.flow.Address;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A TCP segment as a line of a dialogue: {@code P 1001:1101(100) ack 5001 win 500 id 7 <mss 1460,wscale 7,ts 10 20>}.
 * Flags are S, F, R, P, U, E, W and a dot that may stand for none; ACK is set where there is an {@code ack}. The payload
 * is not written: each byte of it follows from its number.
 *
 * <p>Fields: {@code win, id, ttl, tos, df, urg}; {@code src, sport, dst, dport} where they are not those of the dialogue.
 * Captured packets alone: {@code frag} (more fragments), {@code proto}, {@code total} (the total length as it stands in
 * the header), {@code ihl} (length of the IP header), {@code cut} (bytes not captured), {@code pad} (bytes behind),
 * {@code sum} ({@code right}, {@code pseudo}: that of the pseudo header alone, or {@code wrong}, which it is unless said
 * otherwise), {@code other} (how many of the first bytes of payload are others than the number says).
 */
record Segment(String flags, int seq, int length, Integer ack, Map<String, Integer> fields, String options) {
    private static final Pattern LINE = Pattern.compile(
            "([SFRPUEW.]+) (\\d+):(\\d+)\\((\\d+)\\)((?: [a-z]+ (?:[\\d.]+|right|wrong|pseudo))*)(?: <(.*)>)?");
    private static final Pattern FIELD = Pattern.compile(" ([a-z]+) ([\\d.]+|right|wrong|pseudo)");
    private static final int FRAGMENT_OFFSET = 6;
    private static final short MORE_FRAGMENTS = 0x2000;
    private static final List<String> SUMS = List.of("wrong", "right", "pseudo");
    private static final String FLAG_LETTERS = "FSRP.UEW";

    static Segment parse(String line) {
        Matcher matcher = LINE.matcher(line.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a segment: " + line);
        }
        Map<String, Integer> fields = new TreeMap<>();
        Matcher field = FIELD.matcher(matcher.group(5));
        while (field.find()) {
            fields.put(field.group(1), value(field.group(2)));
        }
        int seq = (int) Long.parseLong(matcher.group(2));
        int length = Integer.parseInt(matcher.group(4));
        if (seq + length != (int) Long.parseLong(matcher.group(3))) {
            throw new IllegalArgumentException("numbers and length contradict each other: " + line);
        }
        return new Segment(
                sortFlags(matcher.group(1).replace(".", "")),
                seq,
                length,
                fields.remove("ack"),
                fields,
                matcher.group(6));
    }

    private static int value(String text) {
        if (SUMS.contains(text)) {
            return SUMS.indexOf(text);
        }
        return text.contains(".") ? DialogueSettings.address(text) : (int) Long.parseLong(text);
    }

    /** Reads a packet, whose checksum and payload are checked. */
    static Segment of(ByteBuffer packet, int offset) {
        Ipv4Header ip = new Ipv4Header().wrap(packet, offset);
        TcpHeader tcp = new TcpHeader().wrap(packet, offset + ip.headerLength());
        int length = ip.totalLength() - ip.headerLength() - tcp.headerLength();
        int payload = tcp.offset() + tcp.headerLength();
        for (int i = 0; i < length; i++) {
            if (packet.get(payload + i) != payloadAt(tcp.seq() + i)) {
                throw new AssertionError("wrong payload at " + Integer.toUnsignedString(tcp.seq() + i));
            }
        }
        int checksum =
                Checksum.tcp(packet, ip.source(), ip.destination(), tcp.offset(), ip.totalLength() - ip.headerLength());
        if (checksum != tcp.checksum()) {
            throw new AssertionError("wrong checksum");
        }
        StringBuilder flags = new StringBuilder();
        for (int bit = 0; bit < FLAG_LETTERS.length(); bit++) {
            if (tcp.has(1 << bit) && 1 << bit != TcpHeader.ACK) {
                flags.append(FLAG_LETTERS.charAt(bit));
            }
        }
        Map<String, Integer> fields = new TreeMap<>();
        fields.put("win", tcp.window());
        fields.put("id", ip.id());
        fields.put("ttl", ip.ttl());
        fields.put("tos", ip.typeOfService());
        fields.put("df", ip.dontFragment() ? 1 : 0);
        fields.put("urg", tcp.urgentPointer());
        fields.put("src", ip.source());
        fields.put("sport", tcp.sourcePort());
        fields.put("dst", ip.destination());
        fields.put("dport", tcp.destinationPort());
        return new Segment(
                sortFlags(flags.toString()),
                tcp.seq(),
                length,
                tcp.has(TcpHeader.ACK) ? Integer.valueOf(tcp.ack()) : null,
                fields,
                readOptions(packet, tcp));
    }

    /** Writes the segment as a packet into a buffer, IPv4 header first; returns how much of it is captured. */
    int write(ByteBuffer packet) {
        byte[] optionBytes = writeOptions();
        int ipLength = fields.getOrDefault("ihl", Ipv4Header.MIN_LENGTH);
        int tcpLength = TcpHeader.MIN_LENGTH + optionBytes.length;
        int total = ipLength + tcpLength + length;
        int tcpFlags = ack == null ? 0 : TcpHeader.ACK;
        for (char flag : flags.toCharArray()) {
            tcpFlags |= 1 << FLAG_LETTERS.indexOf(flag);
        }
        new Ipv4Header()
                .wrap(packet, 0)
                .headerLength(ipLength)
                .typeOfService(fields.getOrDefault("tos", 0))
                .totalLength(fields.getOrDefault("total", total))
                .id(fields.getOrDefault("id", 0))
                .dontFragment(fields.getOrDefault("df", 1) == 1)
                .ttl(fields.getOrDefault("ttl", 60))
                .protocol(fields.getOrDefault("proto", Ipv4Header.PROTOCOL_TCP))
                .source(fields.get("src"))
                .destination(fields.get("dst"));
        if (fields.containsKey("frag")) {
            packet.putShort(FRAGMENT_OFFSET, MORE_FRAGMENTS);
        }
        new TcpHeader()
                .wrap(packet, ipLength)
                .sourcePort(fields.get("sport"))
                .destinationPort(fields.get("dport"))
                .seq(seq)
                .ack(ack == null ? 0 : ack)
                .headerLength(tcpLength)
                .flags(tcpFlags)
                .window(fields.getOrDefault("win", 65535))
                .urgentPointer(fields.getOrDefault("urg", 0));
        packet.put(ipLength + TcpHeader.MIN_LENGTH, optionBytes);
        int first = seq + (flags.contains("S") ? 1 : 0);
        for (int i = 0; i < length; i++) {
            int other = i < fields.getOrDefault("other", 0) ? 1 : 0;
            packet.put(ipLength + tcpLength + i, (byte) (payloadAt(first + i) ^ other));
        }
        writeChecksum(packet, ipLength, tcpLength + length);
        return total - cut() + fields.getOrDefault("pad", 0);
    }

    private void writeChecksum(ByteBuffer packet, int ipLength, int tcpLength) {
        Ipv4Header ip = new Ipv4Header().wrap(packet, 0);
        int right = Checksum.tcp(packet, ip.source(), ip.destination(), ipLength, tcpLength);
        int pseudo = ~Checksum.finish(
                Checksum.pseudoHeader(ip.source(), ip.destination(), Ipv4Header.PROTOCOL_TCP, tcpLength));
        int checksum = switch (SUMS.get(fields.getOrDefault("sum", 0))) {
            case "right" -> right;
            case "pseudo" -> pseudo;
            default -> right ^ 1;
        };
        new TcpHeader().wrap(packet, ipLength).checksum(checksum & 0xFFFF);
    }

    /** Bytes on the wire that are not captured. */
    int cut() {
        return fields.getOrDefault("cut", 0);
    }

    /** Whether an actual segment is what this line says; fields that the line leaves out may be anything. */
    boolean matches(Segment actual) {
        return flags.equals(actual.flags)
                && seq == actual.seq
                && length == actual.length
                && (ack == null ? actual.ack == null : ack.equals(actual.ack))
                && (options == null || options.equals(actual.options))
                && fields.entrySet().stream()
                        .allMatch(field -> field.getValue().equals(actual.fields.get(field.getKey())));
    }

    @Override
    public String toString() {
        StringBuilder line = new StringBuilder(flags.isEmpty() ? "." : flags)
                .append(' ')
                .append(Integer.toUnsignedString(seq))
                .append(':')
                .append(Integer.toUnsignedString(seq + length))
                .append('(')
                .append(length)
                .append(')');
        if (ack != null) {
            line.append(" ack ").append(Integer.toUnsignedString(ack));
        }
        fields.forEach((name, value) -> line.append(' ')
                .append(name)
                .append(' ')
                .append(name.equals("src") || name.equals("dst") ? Address.ipv4(value) : value.toString()));
        return options == null || options.isEmpty()
                ? line.toString()
                : line.append(" <").append(options).append('>').toString();
    }

    private static byte payloadAt(int number) {
        return (byte) (number * 31 + (number >>> 8));
    }

    private static String sortFlags(String flags) {
        char[] letters = flags.toCharArray();
        Arrays.sort(letters);
        return new String(letters);
    }

    private byte[] writeOptions() {
        ByteBuffer out = ByteBuffer.allocate(TcpHeader.MAX_LENGTH - TcpHeader.MIN_LENGTH);
        if (options != null) {
            for (String option : options.split(",")) {
                String[] words = option.strip().split(" ");
                switch (words[0]) {
                    case "mss" ->
                        out.put((byte) TcpOptions.MSS)
                                .put((byte) TcpOptions.MSS_LENGTH)
                                .putShort((short) Integer.parseInt(words[1]));
                    case "wscale" ->
                        out.put((byte) TcpOptions.NOP)
                                .put((byte) TcpOptions.WINDOW_SCALE)
                                .put((byte) TcpOptions.WINDOW_SCALE_LENGTH)
                                .put((byte) Integer.parseInt(words[1]));
                    case "ts" ->
                        out.put((byte) TcpOptions.TIMESTAMPS)
                                .put((byte) TcpOptions.TIMESTAMPS_LENGTH)
                                .putInt((int) Long.parseLong(words[1]))
                                .putInt((int) Long.parseLong(words[2]));
                    case "sack" -> out.put((byte) 4).put((byte) 2);
                    case "nop" -> out.put((byte) TcpOptions.NOP);
                    case "raw" -> {
                        for (int i = 1; i < words.length; i++) {
                            out.put((byte) Integer.parseInt(words[i], 16));
                        }
                    }
                    default -> throw new IllegalArgumentException("unknown option: " + option);
                }
            }
        }
        while (out.position() % Integer.BYTES != 0) {
            out.put((byte) TcpOptions.NOP);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private static String readOptions(ByteBuffer packet, TcpHeader tcp) {
        List<String> found = new ArrayList<>();
        int index = tcp.offset() + TcpHeader.MIN_LENGTH;
        int end = tcp.offset() + tcp.headerLength();
        while (index < end) {
            int kind = packet.get(index);
            if (kind == TcpOptions.NOP) {
                index++;
                continue;
            }
            switch (kind) {
                case TcpOptions.MSS -> found.add("mss " + TcpOptions.mss(packet, index));
                case TcpOptions.WINDOW_SCALE -> found.add("wscale " + TcpOptions.windowScale(packet, index));
                case TcpOptions.TIMESTAMPS ->
                    found.add("ts "
                            + Integer.toUnsignedString(packet.getInt(TcpOptions.timestampValueIndex(index)))
                            + " "
                            + Integer.toUnsignedString(packet.getInt(TcpOptions.timestampEchoIndex(index))));
                default -> found.add("kind " + kind);
            }
            index += packet.get(index + 1);
        }
        return String.join(",", found);
    }
}
