package io.tcpcopy.session.arrival;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.packet.ChecksumState;
import io.tcpcopy.packet.ChecksumTrust;
import java.util.Arrays;

/**
 * What clients have shown of their checksums, each address for itself: one host may leave them to its network card, and be captured
 * before. Of a client that has shown nothing, or right and wrong ones alike, it is supposed to be like all others together.
 */
public final class ClientChecksums {
    /** Clients are told apart so far; a prime, so that addresses spread. */
    private static final int CLIENTS = 1021;

    private final ChecksumTrust[] byAddress = new ChecksumTrust[CLIENTS];
    private final ChecksumTrust all = new ChecksumTrust();

    /** Nothing was shown so far. */
    public ClientChecksums() {
        Arrays.setAll(byAddress, index -> new ChecksumTrust());
    }

    /** Notes the checksum of another packet from a client; returns whether the packet is to be taken. */
    public boolean takes(Flow flow, ChecksumState checksum) {
        ChecksumTrust client = byAddress[Integer.remainderUnsigned(flow.clientAddress(), CLIENTS)];
        boolean undecided = client.isUndecided();
        boolean byOwn = client.takes(checksum);
        boolean byOthers = all.takes(checksum);
        return undecided ? byOthers : byOwn;
    }
}
