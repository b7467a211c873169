package io.tcpcopy.capture;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Writes capture files in pcap format, with times in nanoseconds. */
public final class CaptureFileWriter implements AutoCloseable {
    /** Link type of Ethernet frames. */
    public static final int ETHERNET = 1;
    /** Link type of packets that begin with the IP header. */
    public static final int RAW_IP = 101;

    private static final int MAGIC_NANOSECONDS = 0xA1B23C4D;
    private static final int HEADER_LENGTH = 24;
    private static final int RECORD_HEADER_LENGTH = 16;
    private static final int SNAPSHOT_LENGTH = 262144;
    private static final int BUFFER_BYTES = 1 << 16;

    private final OutputStream file;

    /** A file without packets. */
    public CaptureFileWriter(Path path, int linkType) throws IOException {
        file = new BufferedOutputStream(Files.newOutputStream(path), BUFFER_BYTES);
        ByteBuffer header = ByteBuffer.allocate(HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(MAGIC_NANOSECONDS).putShort((short) 2).putShort((short) 4).putLong(0);
        file.write(header.putInt(SNAPSHOT_LENGTH).putInt(linkType).array());
    }

    /** Adds a packet that was captured whole. */
    public void add(long timeNs, byte[] packet) throws IOException {
        add(timeNs, packet, packet.length);
    }

    /** Adds a packet that had so many bytes on the wire. */
    public void add(long timeNs, byte[] captured, int wireLength) throws IOException {
        long second = TimeUnit.SECONDS.toNanos(1);
        ByteBuffer record = ByteBuffer.allocate(RECORD_HEADER_LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt((int) (timeNs / second)).putInt((int) (timeNs % second));
        file.write(record.putInt(captured.length).putInt(wireLength).array());
        file.write(captured);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
