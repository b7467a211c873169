package io.tcpcopy.options;

import io.tcpcopy.doctor.FindingFormat;
import io.tcpcopy.flow.Address;
import java.nio.file.Path;
import java.util.List;

/** What a program does, with the arguments of a real run, instead of that run. */
public sealed interface Errand {
    /** Looks at the set-up. */
    record Doctor(FindingFormat format) implements Errand {}

    /** Tries the way to the targets and back, once for each client address. */
    record Probe(List<Address> clients) implements Errand {}

    /** Collects what belongs to a question in an archive. */
    record Report(Path file) implements Errand {}
}
