package io.tcpcopy.doctor.firewall;

import io.tcpcopy.doctor.Host;
import io.tcpcopy.flow.Endpoint;
import java.util.Optional;

/** The rules of the host, as the programs that show them print them. They take CAP_NET_ADMIN. */
public final class Firewall {
    private static final String[] NFT = {"nft", "list", "ruleset"};
    private static final String[] IPTABLES = {"iptables-save"};
    /** Where there are two kinds of iptables, the older. */
    private static final String[] LEGACY_IPTABLES = {"iptables-legacy-save"};
    /** The tables of the older kind that are in use, one a line; not there where the kernel has not loaded it. */
    private static final String LEGACY_TABLES = "/proc/net/ip_tables_names";

    /** Which rules there are does not depend on it. */
    private static final LeavingPacket ANY_PACKET = new LeavingPacket("tcp", Endpoint.ipv4(0, 0), "");

    private final Optional<String> nft;
    private final Optional<String> iptables;
    private final boolean isWhole;

    private Firewall(Optional<String> nft, Optional<String> iptables, boolean isWhole) {
        this.nft = nft;
        this.iptables = iptables;
        this.isWhole = isWhole;
    }

    /** Has them printed. */
    public static Firewall of(Host host) {
        Optional<String> nft = host.output(NFT);
        boolean hasLegacyTables = !host.file(LEGACY_TABLES).orElse("").isBlank();
        Optional<String> iptables = Optional.empty();
        // nft shows what the newer iptables has made as well.
        if (hasLegacyTables || nft.isEmpty()) {
            iptables = host.output(LEGACY_IPTABLES)
                    .filter(printed -> hasLegacyTables)
                    .or(() -> host.output(IPTABLES));
        }
        return new Firewall(nft, iptables, nft.isPresent() && (iptables.isPresent() || !hasLegacyTables));
    }

    /** Whether all rules could be read: what is not found is not there. */
    public boolean isWhole() {
        return isWhole;
    }

    /** Whether a rule hands packets, of whatever kind, to a queue of netfilter's with this number. */
    public boolean hasQueue(int number) {
        return rules(ANY_PACKET).hasQueue(number);
    }

    /** Whether anything that is forwarded may be dropped. */
    public boolean mayDropForwarded() {
        return rules(ANY_PACKET).mayDropForwarded();
    }

    /** The rules, as far as they concern a packet. */
    public RuleSet rules(LeavingPacket packet) {
        RuleSet ofNft = NftRuleset.read(nft.orElse(""), packet);
        return ofNft.and(IptablesSave.read(iptables.orElse(""), packet));
    }
}
