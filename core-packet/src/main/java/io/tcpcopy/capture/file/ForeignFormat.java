package io.tcpcopy.capture.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Formats of files that are taken for captures that libpcap reads and are none, told by their first bytes. */
enum ForeignFormat {
    /** RFC 1952. */
    GZIP("1f8b", "is compressed with gzip: unpack it first, with zcat"),
    /** RFC 8878. */
    ZSTD("28b52ffd", "is compressed with zstd: unpack it first, with zstd -dc"),
    /** The .xz file format, section 2.1.1.1. */
    XZ("fd377a585a00", "is compressed with xz: unpack it first, with xz -dc"),
    /** "BZh". */
    BZIP2("425a68", "is compressed with bzip2: unpack it first, with bzip2 -dc"),
    /** The LZ4 frame format. */
    LZ4("04224d18", "is compressed with lz4: unpack it first, with lz4 -dc"),
    /** "PK", then the signature of the first file in it. */
    ZIP("504b0304", "is a zip archive: unpack it first"),
    /** RFC 1761: "snoop". */
    SNOOP("736e6f6f70000000", "is a capture of snoop: save it as pcap or pcapng"),
    /** "GMBU". */
    NETWORK_MONITOR("474d4255", "is a capture of Microsoft Network Monitor: save it as pcap or pcapng"),
    /** "iptrace". */
    IPTRACE("69707472616365", "is a capture of iptrace: save it as pcap or pcapng"),
    /** An enhanced packet block without the section header block before it (draft-ietf-opsawg-pcapng). */
    PCAPNG_REST("06000000", "begins in the middle of a pcapng file: what stands before is missing"),
    /** The same, written on a host of the other byte order. */
    PCAPNG_REST_BIG_ENDIAN("00000006", "begins in the middle of a pcapng file: what stands before is missing"),
    /** Whatever consists of printable characters: it has no certain first bytes. */
    TEXT("", "is text, no capture (tcpdump writes one with -w)") {
        @Override
        boolean isOf(byte[] beginning) {
            for (byte character : beginning) {
                boolean printable = character >= ' ' && character <= '~';
                if (!printable && !Character.isWhitespace(character)) {
                    return false;
                }
            }
            return true;
        }
    };

    /** So much of a file tells text from what is none. */
    private static final int BEGINNING_BYTES = 256;

    private final byte[] magic;
    private final String complaint;

    ForeignFormat(String magic, String complaint) {
        this.magic = HexFormat.of().parseHex(magic);
        this.complaint = complaint;
    }

    /** The format of a file, if it is one of these. */
    static Optional<ForeignFormat> of(Path path) {
        try (InputStream file = Files.newInputStream(path)) {
            byte[] beginning = file.readNBytes(BEGINNING_BYTES);
            return Arrays.stream(values())
                    .filter(format -> format.isOf(beginning))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    boolean isOf(byte[] beginning) {
        return beginning.length >= magic.length && Arrays.equals(magic, Arrays.copyOf(beginning, magic.length));
    }

    /** What the file is, and what to do about it: the rest of a sentence that begins with its name. */
    String complaint() {
        return complaint;
    }
}
