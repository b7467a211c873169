package io.tcpcopy.host;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The control groups that limit the memory of this process (cgroups(7)). */
public final class MemoryGroups {
    /** Where the kernel lists the groups that a process is in. */
    public static final String MEMBERSHIP = "/proc/self/cgroup";

    /** {@code NUMBER:CONTROLLERS:GROUP}: no controllers in the unified hierarchy, the memory's among them in the one before. */
    private static final Pattern GROUP = Pattern.compile("(?m)^\\d+:(|(?:[^:\\n]*,)?memory(?:,[^:\\n]*)?):(/.*)$");

    private static final String UNIFIED = "/sys/fs/cgroup";
    private static final String OF_MEMORY = "/sys/fs/cgroup/memory";

    private MemoryGroups() {}

    /**
     * The folders in which the kernel shows them: those of each hierarchy from the process's own group to the outermost. In a container
     * some may not be there, since the list may be that of the host.
     *
     * @param membership what {@link #MEMBERSHIP} says
     */
    public static List<String> folders(String membership) {
        List<String> folders = new ArrayList<>();
        for (MatchResult group : GROUP.matcher(membership).results().toList()) {
            String root = group.group(1).isEmpty() ? UNIFIED : OF_MEMORY;
            String path = group.group(2).equals("/") ? "" : group.group(2);
            while (!path.isEmpty()) {
                folders.add(root + path);
                path = path.substring(0, path.lastIndexOf('/'));
            }
            folders.add(root);
        }
        return folders;
    }
}
