package io.tcpcopy.capture.ring;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureFilters;
import io.tcpcopy.net.FilterProgram;

/** The filter of a ring: one program for packets that come in, and another one for those that this host sends. */
final class RingFilter {
    private RingFilter() {}

    /**
     * The instructions for a ring.
     *
     * @throws CaptureException with libpcap's message when it does not understand the filter
     */
    static byte[] compile(RingSettings settings) throws CaptureException {
        byte[] inbound = compile(settings.filter(), settings);
        FilterProgram program = new FilterProgram()
                .loadPacketType()
                .jumpIfEqual(FilterProgram.OUTGOING, 0, 1)
                .jumpOver(inbound)
                .append(inbound);
        if (settings.outgoing().isEmpty()) {
            return program.drop().instructions();
        }
        String outgoing = "(" + settings.filter() + ") and (" + settings.outgoing() + ")";
        return program.append(compile(outgoing, settings)).instructions();
    }

    private static byte[] compile(String filter, RingSettings settings) throws CaptureException {
        byte[] instructions = CaptureFilters.compileForIp(filter, settings.snapshotLength());
        return settings.segmentSizes() ? FilterProgram.behindLinkHeader(instructions) : instructions;
    }
}
