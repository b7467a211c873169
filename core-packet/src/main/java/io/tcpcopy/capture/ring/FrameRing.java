package io.tcpcopy.capture.ring;

import io.tcpcopy.packet.CapturedPacket;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The frames of a ring of version 2 (TPACKET_V2 of packet(7), {@code linux/if_packet.h}): each has a header and the beginning of a
 * packet. The kernel fills one after the other, and this gives them back in the same order. Layouts are those of 64-bit Linux.
 */
final class FrameRing {
    /** The frame is ours. */
    static final int STATUS_USER = 0x1;
    /** The packet did not fit and waits as a whole in the socket's queue. */
    static final int STATUS_COPY = 0x2;
    /** The checksum is not made yet: a network card does that, or nobody has to. */
    static final int STATUS_CHECKSUM_NOT_READY = 0x8;
    /** The card has found the checksum right. */
    static final int STATUS_CHECKSUM_VALID = 0x80;

    private static final int STATUS_KERNEL = 0;

    /** {@code struct tpacket2_hdr}. */
    private static final int LENGTH_OFFSET = 4;

    private static final int CAPTURED_LENGTH_OFFSET = 8;
    private static final int LINK_OFFSET = 12;
    private static final int NETWORK_OFFSET = 14;
    private static final int SECONDS_OFFSET = 16;
    private static final int NANOSECONDS_OFFSET = 20;

    /** {@code struct sockaddr_ll} behind it. */
    private static final int ADDRESS_OFFSET = 32;

    private static final int PROTOCOL_OFFSET = ADDRESS_OFFSET + 2;
    private static final int PACKET_TYPE_OFFSET = ADDRESS_OFFSET + 10;

    /** {@code struct virtio_net_hdr} of {@code linux/virtio_net.h}, in front of the packet. */
    static final int VIRTIO_LENGTH = 10;

    private static final int VIRTIO_TYPE_OFFSET = 1;
    private static final int VIRTIO_SEGMENT_SIZE_OFFSET = 4;
    /** {@code VIRTIO_NET_HDR_GSO_TCPV4} and {@code _UDP_L4}: those of the merged kinds that have segments over IPv4. */
    private static final int SEGMENTS_OF_TCP = 1;

    private static final int SEGMENTS_OF_UDP = 5;
    /** {@code VIRTIO_NET_HDR_GSO_ECN}, besides. */
    private static final int WITH_ECN = 0x80;

    private static final VarHandle STATUS = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private final ByteBuffer packets;
    private final ByteBuffer fields;
    private final int frameSize;
    private final boolean virtioHeaders;
    /** Where the frame begins that is next. */
    private int frame;

    /**
     * A ring whose first frame is next.
     *
     * @param memory a whole number of frames
     * @param frameSize of each, in bytes
     * @param virtioHeaders whether there is a link header in front of the network header, and a virtio header in front of that
     */
    FrameRing(ByteBuffer memory, int frameSize, boolean virtioHeaders) {
        this.packets = memory.duplicate().order(ByteOrder.BIG_ENDIAN);
        this.fields = memory.duplicate().order(ByteOrder.nativeOrder());
        this.frameSize = frameSize;
        this.virtioHeaders = virtioHeaders;
    }

    /** The status of the next frame; with it, all that the kernel has written before can be read. */
    int status() {
        return (int) STATUS.getAcquire(fields, frame);
    }

    /** Gives the frame back to the kernel. */
    void release() {
        STATUS.setRelease(fields, frame, STATUS_KERNEL);
        frame += frameSize;
        if (frame == fields.capacity()) {
            frame = 0;
        }
    }

    /** All frames, in network byte order. */
    ByteBuffer packets() {
        return packets;
    }

    /** How many bytes the packet had from its network header on. */
    int length() {
        return fields.getInt(frame + LENGTH_OFFSET) - linkLength();
    }

    /** How many of them are in the frame: none that lie beyond it. */
    int capturedLength() {
        int room = frameSize - networkOffset();
        return Math.max(0, Math.min(fields.getInt(frame + CAPTURED_LENGTH_OFFSET) - linkLength(), room));
    }

    /** Where the network header begins in {@link #packets}. */
    int offset() {
        return frame + networkOffset();
    }

    private int networkOffset() {
        return Math.min(frameSize, fields.getShort(frame + NETWORK_OFFSET) & 0xFFFF);
    }

    private int linkOffset() {
        return Math.min(networkOffset(), fields.getShort(frame + LINK_OFFSET) & 0xFFFF);
    }

    /** How many bytes the link header has. */
    private int linkLength() {
        return networkOffset() - linkOffset();
    }

    /** How many bytes are in front of the network header in the queue. */
    int queuedOffset() {
        return virtioHeaders ? VIRTIO_LENGTH + linkLength() : 0;
    }

    /** Bytes of payload in each of the segments that were merged, where that is known of the packet. */
    int segmentSize() {
        if (!virtioHeaders || linkOffset() < VIRTIO_LENGTH) {
            return CapturedPacket.SEGMENT_SIZE_UNKNOWN;
        }
        int virtio = frame + linkOffset() - VIRTIO_LENGTH;
        int type = fields.get(virtio + VIRTIO_TYPE_OFFSET) & 0xFF & ~WITH_ECN;
        return type == SEGMENTS_OF_TCP || type == SEGMENTS_OF_UDP
                ? fields.getShort(virtio + VIRTIO_SEGMENT_SIZE_OFFSET) & 0xFFFF
                : CapturedPacket.SEGMENT_SIZE_UNKNOWN;
    }

    /** How many bytes of a packet fit at most. */
    int room() {
        return frameSize - networkOffset();
    }

    /** The EtherType of what the packet is. */
    int etherType() {
        return packets.getShort(frame + PROTOCOL_OFFSET) & 0xFFFF;
    }

    /** Where it goes, as in {@code linux/if_packet.h}. */
    int packetType() {
        return fields.get(frame + PACKET_TYPE_OFFSET) & 0xFF;
    }

    /** Seconds of the time of capture, since 1970. */
    long seconds() {
        return fields.getInt(frame + SECONDS_OFFSET) & 0xFFFFFFFFL;
    }

    /** Nanoseconds of the time of capture, below a second. */
    int nanoseconds() {
        return fields.getInt(frame + NANOSECONDS_OFFSET);
    }
}
