package io.tcpcopy.doctor;

import io.tcpcopy.net.netlink.Link;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What checks read of the host that they run on; a test says what is there. */
public interface Host {
    /** The text of a file; empty when there is none, or it may not be read. */
    Optional<String> file(String path);

    /** What is in a folder, in order; empty when there is none. */
    List<String> names(String folder);

    /** What a program prints; empty when there is no such program, or it fails, or takes too long. */
    Optional<String> output(String... command);

    /** A network device; empty when there is none of that name. */
    Optional<Link> link(String device);

    /** The number that a file holds alone; empty when it holds none. */
    default OptionalLong number(String path) {
        try {
            return file(path).map(String::strip).stream()
                    .mapToLong(Long::parseLong)
                    .findFirst();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
