package io.tcpcopy.tcpcopy.options;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.frame.FrameRoute;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.OptionValue;
import io.tcpcopy.packet.EthernetAddress;
import io.tcpcopy.session.base.Transfer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Reads the transfers of {@code -x}: {@code [onlineIP:]onlinePort-targetIP:targetPort}. For frames each side has an
 * Ethernet address behind it, as in {@code 80@aa:bb:cc:dd:ee:ff-10.0.0.2:80@11:22:33:44:55:66}.
 */
final class TransferReader {
    /** What a transfer looks like, for messages. */
    static final String EXPECTED = "[ip:]port-ip:port";

    /** The filter that follows from them stays below the 4,096 instructions that the kernel takes (BPF_MAXINSNS). */
    static final int MAX_TRANSFERS = 64;

    private static final String EXPECTED_FOR_FRAMES = "[ip:]port@mac-ip:port@mac with --pcap-send";
    private static final String NOT_FOR_PACKETS = EXPECTED + "; MAC addresses only with --pcap-send";
    private static final char ADDRESS_SEPARATOR = '@';
    private static final char PORT_SEPARATOR = ':';

    private final boolean forFrames;
    private final boolean live;
    private final String expected;
    private final List<Transfer> transfers = new ArrayList<>();
    private final Map<Address, FrameRoute> frameRoutes = new LinkedHashMap<>();

    /**
     * Reads them all.
     *
     * @param forFrames whether Ethernet addresses must be there; otherwise there must be none
     * @param live whether packets are captured now, so that what is sent to the online server would be captured again
     */
    TransferReader(OptionValue value, boolean forFrames, boolean live) throws BadInputException, StartException {
        this.forFrames = forFrames;
        this.live = live;
        this.expected = forFrames ? EXPECTED_FOR_FRAMES : EXPECTED;
        for (OptionValue part : value.list(MAX_TRANSFERS)) {
            read(part);
        }
    }

    List<Transfer> transfers() {
        return transfers;
    }

    /** How frames are addressed, once for each target; empty where there are no frames. */
    List<FrameRoute> frameRoutes() {
        return List.copyOf(frameRoutes.values());
    }

    private void read(OptionValue value) throws BadInputException, StartException {
        String text = value.text();
        int dash = text.indexOf('-');
        if (dash < 0) {
            throw value.wrong(expected);
        }
        OptionValue online = value.part(0, dash);
        OptionValue target = value.part(dash + 1, text.length());
        Transfer transfer = transfer(value, withoutAddress(online), withoutAddress(target));
        Address targetAddress = transfer.target().address();
        if (!targetAddress.isOfOneHost() && !targetAddress.isLoopback()) {
            throw value.wrong("a target that is one host");
        }
        if (transfers.stream().anyMatch(former -> former.leavesNothingTo(transfer))) {
            throw value.wrong("an online side that none before it covers: the first that matches counts");
        }
        if (live && OwnAddresses.isOnlineServer(transfer)) {
            throw value.wrong("a target other than the online server itself");
        }
        if (forFrames) {
            addRoute(
                    value, new FrameRoute(transfer.target().address(), address(value, online), address(value, target)));
        } else if (text.indexOf(ADDRESS_SEPARATOR) >= 0) {
            throw value.wrong(NOT_FOR_PACKETS);
        }
        transfers.add(transfer);
    }

    private Transfer transfer(OptionValue value, OptionValue online, OptionValue target) throws BadInputException {
        try {
            Endpoint onlineEnd =
                    online.text().indexOf(PORT_SEPARATOR) < 0 ? new Endpoint(Address.ANY, online.port()) : end(online);
            return new Transfer(onlineEnd, end(target));
        } catch (BadInputException e) {
            throw value.wrong(expected);
        }
    }

    private static Endpoint end(OptionValue side) throws BadInputException {
        int colon = Math.max(0, side.text().indexOf(PORT_SEPARATOR));
        return new Endpoint(
                side.part(0, colon).address(),
                side.part(colon + 1, side.text().length()).port());
    }

    private static OptionValue withoutAddress(OptionValue side) {
        int at = side.text().indexOf(ADDRESS_SEPARATOR);
        return at < 0 ? side : side.part(0, at);
    }

    private static long address(OptionValue value, OptionValue side) throws BadInputException {
        int at = side.text().indexOf(ADDRESS_SEPARATOR);
        if (at < 0) {
            throw value.wrong(EXPECTED_FOR_FRAMES);
        }
        OptionalLong address = EthernetAddress.parse(side.text().substring(at + 1));
        if (address.isEmpty() || !EthernetAddress.isDevice(address.getAsLong())) {
            throw value.wrong("MAC addresses of single devices, such as 02:00:0a:00:00:01");
        }
        return address.getAsLong();
    }

    private void addRoute(OptionValue value, FrameRoute route) throws BadInputException {
        FrameRoute former = frameRoutes.putIfAbsent(route.target(), route);
        if (former != null && !former.equals(route)) {
            throw value.wrong("the same MAC addresses wherever " + route.target() + " is the target");
        }
    }
}
