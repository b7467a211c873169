package io.tcpcopy.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryGroupsTest {
    @Test
    void ofTheUnifiedHierarchyAllGroupsAroundTheProcessCount() {
        assertThat(MemoryGroups.folders("0::/system.slice/tcpcopy.service\n"))
                .containsExactly(
                        "/sys/fs/cgroup/system.slice/tcpcopy.service", "/sys/fs/cgroup/system.slice", "/sys/fs/cgroup");
    }

    @Test
    void ofTheHierarchiesBeforeThatOfTheMemoryCounts() {
        assertThat(MemoryGroups.folders("5:cpu,cpuacct:/a\n4:hugetlb,memory:/docker/b\n3:memoryless:/c\n"))
                .containsExactly(
                        "/sys/fs/cgroup/memory/docker/b", "/sys/fs/cgroup/memory/docker", "/sys/fs/cgroup/memory");
    }

    @Test
    void theOutermostGroupIsThereOnce() {
        assertThat(MemoryGroups.folders("0::/\n")).containsExactly("/sys/fs/cgroup");
    }

    @Test
    void withoutControlGroupsThereIsNone() {
        assertThat(MemoryGroups.folders("")).isEmpty();
    }
}
