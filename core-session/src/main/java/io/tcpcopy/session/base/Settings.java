package io.tcpcopy.session.base;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * How sessions are replayed. The values have been checked by whoever made them.
 *
 * @param transfers from where to where, the first match counts
 * @param loopbackClient address that stands for 127.0.0.1 as client; {@link Address#ANY} leaves it
 * @param clientAddresses addresses to use in place of the clients' own; empty: their own
 * @param ownAddresses addresses that copies cannot have, unless as one of the two above: of this host, the targets and the
 *     intercepts, to which no answer of a target could come back
 * @param copies of each connection, 1 to 1023
 * @param portShiftFactor 0 to 255; different for each tcpcopy that copies to one target
 * @param part of all connections that is copied here; others copy the others
 * @param percentage of sessions that are copied, 1 to 100
 * @param gradually whether the percentage rises by 1 a second from 1, so that running connections join mid-stream
 * @param wholeSessionsOnly whether only sessions whose SYN was seen are copied
 * @param waitForResponse whether the next request waits for the response to the one before
 * @param dnat whether responses come from other addresses than requests are sent to, so that a target is known by its
 *     port alone
 * @param mtu towards the target in bytes
 * @param mss announced in SYNs that are made here, in bytes
 * @param fixedRttNs round-trip time to assume for clients; 0: as measured
 * @param speedUp how many times as fast as it was captured what clients sent is replayed; {@link #LIVE} where it is
 *     captured now
 * @param sessionTimeoutNs after which a session without any response ends
 * @param keepaliveTimeoutNs after which an idle session ends
 * @param sheds whether whole connections are left out when not all can be copied
 * @param memoryBudget for sessions and their packets in bytes
 * @param heapBudget for the part of it that lies on the heap, in bytes: sessions, and little for each packet
 */
public record Settings(
        List<Transfer> transfers,
        Address loopbackClient,
        List<Address> clientAddresses,
        Set<Address> ownAddresses,
        int copies,
        int portShiftFactor,
        Part part,
        int percentage,
        boolean gradually,
        boolean wholeSessionsOnly,
        boolean waitForResponse,
        boolean dnat,
        int mtu,
        int mss,
        long fixedRttNs,
        int speedUp,
        long sessionTimeoutNs,
        long keepaliveTimeoutNs,
        boolean sheds,
        long memoryBudget,
        long heapBudget) {
    /** The {@link #speedUp} of what is captured now: there is no other time than that of the loop. */
    public static final int LIVE = 0;
    /** Default of {@link #mtu}: Ethernet's. */
    public static final int DEFAULT_MTU = 1500;
    /** Default of {@link #mss}: the default MTU without IPv4 and TCP headers. */
    public static final int DEFAULT_MSS = 1460;
    /** Default of {@link #sessionTimeoutNs} in seconds. */
    public static final int DEFAULT_SESSION_TIMEOUT_S = 600;
    /** How much longer than the session timeout the keepalive timeout is by default, in seconds. */
    public static final int KEEPALIVE_EXTRA_S = 120;
    /** Default of {@link #memoryBudget}, and of {@link #heapBudget}: half of the default memory limit of 2048 MB. */
    public static final long DEFAULT_MEMORY_BUDGET = 1024L << 20;

    /** The targets of the transfers, each once. */
    public List<Endpoint> targets() {
        return transfers.stream().map(Transfer::target).distinct().toList();
    }

    /** Settings that are all at their defaults but for the transfers. */
    public static Builder of(List<Transfer> transfers) {
        return new Builder(transfers);
    }

    /** Sets what is to differ from the defaults. */
    public static final class Builder {
        private final List<Transfer> transfers;
        private Address loopbackClient = Address.ANY;
        private List<Address> clientAddresses = List.of();
        private Set<Address> ownAddresses = Set.of();
        private int copies = 1;
        private int portShiftFactor;
        private Part part = Part.ALL;
        private int percentage = 100;
        private boolean gradually;
        private boolean wholeSessionsOnly;
        private boolean waitForResponse = true;
        private boolean dnat;
        private int mtu = DEFAULT_MTU;
        private int mss = DEFAULT_MSS;
        private long fixedRttNs;
        private int speedUp = LIVE;
        private long sessionTimeoutNs = TimeUnit.SECONDS.toNanos(DEFAULT_SESSION_TIMEOUT_S);
        private long keepaliveTimeoutNs = TimeUnit.SECONDS.toNanos(DEFAULT_SESSION_TIMEOUT_S + KEEPALIVE_EXTRA_S);
        private boolean sheds = true;
        private long memoryBudget = DEFAULT_MEMORY_BUDGET;
        private long heapBudget = DEFAULT_MEMORY_BUDGET;

        private Builder(List<Transfer> transfers) {
            this.transfers = List.copyOf(transfers);
        }

        /** See {@link Settings#loopbackClient}. */
        public Builder loopbackClient(Address address) {
            loopbackClient = address;
            return this;
        }

        /** See {@link Settings#clientAddresses}. */
        public Builder clientAddresses(List<Address> addresses) {
            clientAddresses = List.copyOf(addresses);
            return this;
        }

        /** See {@link Settings#ownAddresses}. */
        public Builder ownAddresses(Set<Address> addresses) {
            ownAddresses = Set.copyOf(addresses);
            return this;
        }

        /** See {@link Settings#copies}. */
        public Builder copies(int number) {
            copies = number;
            return this;
        }

        /** See {@link Settings#portShiftFactor}. */
        public Builder portShiftFactor(int factor) {
            portShiftFactor = factor;
            return this;
        }

        /** See {@link Settings#part}. */
        public Builder part(Part copied) {
            part = copied;
            return this;
        }

        /** See {@link Settings#percentage}. */
        public Builder percentage(int percent) {
            percentage = percent;
            return this;
        }

        /** See {@link Settings#gradually}. */
        public Builder gradually(boolean rising) {
            gradually = rising;
            return this;
        }

        /** See {@link Settings#wholeSessionsOnly}. */
        public Builder wholeSessionsOnly(boolean only) {
            wholeSessionsOnly = only;
            return this;
        }

        /** See {@link Settings#waitForResponse}. */
        public Builder waitForResponse(boolean wait) {
            waitForResponse = wait;
            return this;
        }

        /** See {@link Settings#dnat}. */
        public Builder dnat(boolean otherAddresses) {
            dnat = otherAddresses;
            return this;
        }

        /** See {@link Settings#mtu}. */
        public Builder mtu(int bytes) {
            mtu = bytes;
            return this;
        }

        /** See {@link Settings#mss}. */
        public Builder mss(int bytes) {
            mss = bytes;
            return this;
        }

        /** See {@link Settings#fixedRttNs}. */
        public Builder fixedRttNs(long nanoseconds) {
            fixedRttNs = nanoseconds;
            return this;
        }

        /** See {@link Settings#speedUp}. */
        public Builder speedUp(int factor) {
            speedUp = factor;
            return this;
        }

        /** See {@link Settings#sessionTimeoutNs} and {@link Settings#keepaliveTimeoutNs}. */
        public Builder timeoutsNs(long session, long keepalive) {
            sessionTimeoutNs = session;
            keepaliveTimeoutNs = keepalive;
            return this;
        }

        /** See {@link Settings#sheds}. */
        public Builder sheds(boolean leaveOut) {
            sheds = leaveOut;
            return this;
        }

        /** See {@link Settings#memoryBudget}. */
        public Builder memoryBudget(long bytes) {
            memoryBudget = bytes;
            return this;
        }

        /** See {@link Settings#heapBudget}. */
        public Builder heapBudget(long bytes) {
            heapBudget = bytes;
            return this;
        }

        /** The settings. */
        public Settings build() {
            return new Settings(
                    transfers,
                    loopbackClient,
                    clientAddresses,
                    ownAddresses,
                    copies,
                    portShiftFactor,
                    part,
                    percentage,
                    gradually,
                    wholeSessionsOnly,
                    waitForResponse,
                    dnat,
                    mtu,
                    mss,
                    fixedRttNs,
                    speedUp,
                    sessionTimeoutNs,
                    keepaliveTimeoutNs,
                    sheds,
                    memoryBudget,
                    heapBudget);
        }
    }
}
