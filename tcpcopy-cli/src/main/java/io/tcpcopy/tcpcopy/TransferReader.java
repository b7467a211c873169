package io.tcpcopy.tcpcopy;

import io.tcpcopy.daemon.BadInputException;
import io.tcpcopy.daemon.OptionValue;
import io.tcpcopy.packet.Ipv4Address;
import io.tcpcopy.session.Transfer;
import java.util.ArrayList;
import java.util.List;

/** Reads the transfers of {@code -x}: {@code [onlineIP:]onlinePort-targetIP:targetPort}. */
final class TransferReader {
    /** What a transfer looks like, for messages. */
    static final String EXPECTED = "[ip:]port-ip:port";

    /**
     * With 1023 copies of each, as many as a session's key can tell apart. The filter that follows from them stays below
     * the 4,096 instructions that the kernel takes.
     */
    static final int MAX_TRANSFERS = 64;

    private TransferReader() {}

    static List<Transfer> read(OptionValue value) throws BadInputException {
        List<Transfer> transfers = new ArrayList<>();
        for (OptionValue part : value.list(MAX_TRANSFERS)) {
            transfers.add(readOne(part));
        }
        return transfers;
    }

    private static Transfer readOne(OptionValue value) throws BadInputException {
        String text = value.text();
        int dash = text.indexOf('-');
        int onlineColon = text.lastIndexOf(':', dash);
        int targetColon = text.indexOf(':', dash);
        if (dash < 0 || targetColon < 0) {
            throw value.wrong(EXPECTED);
        }
        Transfer transfer;
        try {
            int onlineAddress = onlineColon < 0
                    ? Ipv4Address.ANY
                    : value.part(0, onlineColon).address();
            int onlinePort = value.part(onlineColon + 1, dash).port();
            int targetAddress = value.part(dash + 1, targetColon).address();
            int targetPort = value.part(targetColon + 1, text.length()).port();
            transfer = new Transfer(onlineAddress, onlinePort, targetAddress, targetPort);
        } catch (BadInputException e) {
            throw value.wrong(EXPECTED);
        }
        if (transfer.onlineAddress() == transfer.targetAddress() && transfer.onlinePort() == transfer.targetPort()) {
            throw value.wrong("a target other than the online server itself");
        }
        return transfer;
    }
}
