package io.tcpcopy.intercept.options;

import io.tcpcopy.flow.Address;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.OptionValue;
import java.util.ArrayList;
import java.util.List;

/**
 * Who may connect.
 *
 * @param blocks each admits its addresses; nobody else is admitted
 */
public record AllowList(List<Block> blocks) {
    /** Everybody may. */
    public static final AllowList EVERYBODY = new AllowList(List.of(new Block(Address.ANY, 0)));

    private static final String ALL = "0.0.0.0/0";
    private static final int MAX_BLOCKS = 256;
    private static final String EXPECTED =
            "addresses such as 10.0.0.1, or blocks such as 10.0.0.0/24, separated by commas";

    /**
     * The addresses that agree in their upper bits.
     *
     * @param first the first of them
     * @param mask has ones where they agree
     */
    record Block(Address first, int mask) {
        private boolean contains(Address address) {
            return (address.bits() & mask) == first.bits();
        }
    }

    /** Reads a comma-separated list of addresses and blocks in CIDR notation. */
    public static AllowList read(OptionValue value) throws BadInputException {
        List<Block> blocks = new ArrayList<>();
        for (OptionValue part : value.list(MAX_BLOCKS)) {
            blocks.add(block(part));
        }
        return new AllowList(List.copyOf(blocks));
    }

    /** Whether whoever has this address may connect. */
    public boolean admits(Address address) {
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }

    private static Block block(OptionValue value) throws BadInputException {
        String text = value.text();
        if (text.equals(ALL)) {
            return EVERYBODY.blocks.get(0);
        }
        int slash = text.indexOf('/');
        Block block;
        try {
            int bits = slash < 0
                    ? Integer.SIZE
                    : value.part(slash + 1, text.length()).number(1, Integer.SIZE);
            Address first = value.part(0, slash < 0 ? text.length() : slash).address();
            block = new Block(first, -1 << Integer.SIZE - bits);
        } catch (BadInputException e) {
            throw value.wrong(EXPECTED);
        }
        if (!block.contains(block.first())) {
            throw value.wrong("a block to begin with its first address, as 10.0.0.0/24 does and 10.0.0.1/24 does not");
        }
        return block;
    }
}
