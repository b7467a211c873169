package io.tcpcopy.doctor;

import io.tcpcopy.net.netlink.Link;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What checks read of the host that they run on; a test says what is there. */
public interface Host {
    /** Settings of IPv4: a folder for each device of the network that the process is in, which /sys may not be that of. */
    String SETTINGS_OF_DEVICES = "/proc/sys/net/ipv4/conf";

    /** The text of a file; empty when there is none, or it may not be read. */
    Optional<String> file(String path);

    /** What is in a folder, in order; empty when there is none. */
    List<String> names(String folder);

    /** What a program prints; empty when there is no such program, or it fails, or takes too long. */
    Optional<String> output(String... command);

    /** A network device; empty when there is none of that name. */
    Optional<Link> link(String device);

    /** The names of all network devices. */
    default List<String> devices() {
        return names(SETTINGS_OF_DEVICES).stream()
                .filter(name -> !name.equals("all") && !name.equals("default"))
                .toList();
    }

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
