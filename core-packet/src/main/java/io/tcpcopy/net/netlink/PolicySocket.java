package io.tcpcopy.net.netlink;

import io.tcpcopy.flow.Address;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.StartException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks the kernel for its IPsec policies: which packets it encrypts, or refuses to send in clear ({@code linux/xfrm.h}). It tells those
 * with CAP_NET_ADMIN alone.
 */
public final class PolicySocket implements AutoCloseable {
    /** The protocol, of {@code linux/netlink.h}. */
    private static final int NETLINK_XFRM = 6;

    /** Types of messages. */
    private static final int XFRM_MSG_NEWPOLICY = 0x13;

    private static final int XFRM_MSG_GETPOLICY = 0x15;
    /** The request, and its answer. */
    private static final int XFRM_MSG_GETDEFAULT = 0x28;

    /** {@code struct xfrm_userpolicy_info}, which begins with a {@code struct xfrm_selector}. */
    private static final int POLICY_LENGTH = 168;

    private static final int DESTINATION_OFFSET = 0;
    private static final int FAMILY_OFFSET = 40;
    private static final int PREFIX_LENGTH_OFFSET = 42;
    private static final int DIRECTION_OFFSET = 160;
    private static final int ACTION_OFFSET = 161;
    private static final int XFRM_POLICY_OUT = 1;
    private static final int XFRM_POLICY_ALLOW = 0;
    /** What is done with packets; a policy that allows and has none leaves them as they are. */
    private static final int XFRMA_TMPL = 5;

    /** {@code struct xfrm_userpolicy_default}: what becomes of packets that no policy is about, for each direction. */
    private static final int DEFAULT_LENGTH = 3;

    private static final int DEFAULT_OUT_OFFSET = 2;
    private static final int XFRM_USERPOLICY_BLOCK = 1;
    private static final Policy FOR_ALL = new Policy(Address.ipv4(0), 0);

    /** The kernel sends parts of at most 32 KB. */
    private static final int RECEIVE_BYTES = 32 * 1024;

    private final NetlinkSocket socket;
    private final NetlinkMessages messages;

    /**
     * A policy for packets that leave, whatever their source, protocol and ports.
     *
     * @param destination a net's address
     * @param prefixLength bits of it that count, 0 to 32
     */
    public record Policy(Address destination, int prefixLength) {
        /** Whether packets to an address may be meant. */
        public boolean covers(Address address) {
            // A shift by 32 bits would be none.
            return prefixLength == 0 || (address.bits() ^ destination.bits()) >>> Integer.SIZE - prefixLength == 0;
        }
    }

    /**
     * Opens a socket; empty where the kernel knows nothing of IPsec.
     *
     * @throws StartException when it cannot be opened
     */
    public static Optional<PolicySocket> open() throws StartException {
        return NetlinkSocket.isKnown(NETLINK_XFRM) ? Optional.of(new PolicySocket()) : Optional.empty();
    }

    private PolicySocket() throws StartException {
        socket = new NetlinkSocket(NETLINK_XFRM, 0, RECEIVE_BYTES, "ask the kernel about IPsec policies");
        messages = socket.messages();
    }

    /** Requests the policies for IPv4 packets that leave; empty when the kernel does not tell, for lack of CAP_NET_ADMIN. */
    public Optional<List<Policy>> outgoing() {
        List<Policy> policies = new ArrayList<>();
        return addListed(policies) && addDefault(policies) ? Optional.of(policies) : Optional.empty();
    }

    /** Returns whether the kernel has told all. */
    private boolean addListed(List<Policy> policies) {
        socket.begin(XFRM_MSG_GETPOLICY, NetlinkSocket.NLM_F_REQUEST | NetlinkSocket.NLM_F_DUMP);
        boolean answered = socket.request();
        while (answered && messages.type() == XFRM_MSG_NEWPOLICY && messages.hasBody(POLICY_LENGTH)) {
            if (changesWhatLeaves()) {
                policies.add(policy());
            }
            answered = socket.nextAnswer();
        }
        return answered && messages.type() == NetlinkMessages.NLMSG_DONE;
    }

    /** What is blocked by default is in no list. Policies that except something from it are not looked at. */
    private boolean addDefault(List<Policy> policies) {
        ByteBuffer request = socket.begin(XFRM_MSG_GETDEFAULT, NetlinkSocket.NLM_F_REQUEST);
        request.position(request.position() + DEFAULT_LENGTH);
        if (!socket.request()) {
            return false;
        }
        if (messages.type() == XFRM_MSG_GETDEFAULT && messages.hasBody(DEFAULT_LENGTH)) {
            if (messages.bodyByte(DEFAULT_OUT_OFFSET) == XFRM_USERPOLICY_BLOCK) {
                policies.add(FOR_ALL);
            }
            return true;
        }
        // Before Linux 5.15 there is no such request, and nothing is blocked by default.
        return messages.type() == NetlinkMessages.NLMSG_ERROR
                && messages.hasBody(Integer.BYTES)
                && messages.bodyInt(0) == -Errno.EINVAL;
    }

    private boolean changesWhatLeaves() {
        int family = messages.bodyShort(FAMILY_OFFSET);
        boolean isBypass =
                messages.bodyByte(ACTION_OFFSET) == XFRM_POLICY_ALLOW && !messages.has(POLICY_LENGTH, XFRMA_TMPL);
        return messages.bodyByte(DIRECTION_OFFSET) == XFRM_POLICY_OUT
                && (family == Libc.AF_INET || family == Libc.AF_UNSPEC)
                && !isBypass;
    }

    private Policy policy() {
        int destination = NetlinkMessages.networkOrder(messages.bodyInt(DESTINATION_OFFSET));
        return new Policy(Address.ipv4(destination), Math.min(messages.bodyByte(PREFIX_LENGTH_OFFSET), Integer.SIZE));
    }

    @Override
    public void close() {
        socket.close();
    }
}
