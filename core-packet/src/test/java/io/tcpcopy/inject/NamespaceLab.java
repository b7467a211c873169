package io.tcpcopy.inject;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import jnr.ffi.LibraryLoader;

/**
 * Three hosts made out of network namespaces: a client and a target, each on a link of its own with the online host
 * between them. It needs root and iproute2; elsewhere the test is skipped.
 */
public final class NamespaceLab implements AutoCloseable {
    /** Address of the client. */
    public static final int CLIENT = 0x0A5A0101;
    /** Address of the target. */
    public static final int TARGET = 0x0A5A0202;

    private static final String CLIENT_LINK = "10.90.1.";
    private static final String TARGET_LINK = "10.90.2.";

    private static final int CLONE_NEWNET = 0x40000000;
    private static final LibcCalls LIBC = LibraryLoader.create(LibcCalls.class).load("c");

    private final String prefix = "io" + ProcessHandle.current().pid() + "-";

    /** What it takes to move a thread into a namespace; public for jnr-ffi. */
    public interface LibcCalls {
        int open(String path, int flags);

        int setns(int fd, int type);

        int close(int fd);
    }

    /** Makes the hosts; the devices of the online host have the names of the other ones, and theirs the name {@code online}. */
    public NamespaceLab() throws IOException {
        try {
            ip("netns add " + name("online"));
        } catch (IOException e) {
            abort("needs network namespaces: root and iproute2");
        }
        ip("netns add " + name("client"));
        ip("netns add " + name("target"));
        link("client", CLIENT_LINK, 1);
        link("target", TARGET_LINK, 2);
    }

    /** Runs {@code ip} with a host's namespace and returns what it prints. */
    public String on(String host, String arguments) throws IOException {
        return ip("-n " + name(host) + " " + arguments);
    }

    /** Sets a value under /proc/sys. */
    public void sysctl(String host, String key, int value) throws IOException {
        exec(host, "sysctl -qw " + key + "=" + value);
    }

    /** Runs a command on a host and returns what it prints. */
    public String exec(String host, String command) throws IOException {
        return run("ip netns exec " + name(host) + " " + command);
    }

    /** A number of /proc/net/snmp, such as {@code Icmp InDestUnreachs}. */
    public long snmp(String host, String protocol, String counter) throws IOException {
        String[] names = null;
        for (String line : exec(host, "cat /proc/net/snmp").split("\n")) {
            String[] words = line.split(" ");
            if (words[0].equals(protocol + ":")) {
                if (names != null) {
                    return Long.parseLong(words[List.of(names).indexOf(counter)]);
                }
                names = words;
            }
        }
        throw new IllegalStateException("no " + protocol + " " + counter);
    }

    /** Runs on a thread of its own, whose sockets belong to a host. */
    public <T> T in(String host, Callable<T> action) throws Exception {
        FutureTask<T> task = new FutureTask<>(() -> {
            int fd = LIBC.open("/run/netns/" + name(host), 0);
            if (fd < 0 || LIBC.setns(fd, CLONE_NEWNET) < 0) {
                throw new IllegalStateException("cannot enter the namespace");
            }
            LIBC.close(fd);
            return action.call();
        });
        new Thread(task).start();
        return task.get(1, TimeUnit.MINUTES);
    }

    @Override
    public void close() throws IOException {
        for (String host : new String[] {"client", "online", "target"}) {
            ip("netns del " + name(host));
        }
    }

    /** Connects a host to the online one again, by new devices with the names and addresses of the former ones. */
    public void relink(String host) throws IOException {
        link(host, host.equals("client") ? CLIENT_LINK : TARGET_LINK, host.equals("client") ? 1 : 2);
    }

    private void link(String host, String net, int number) throws IOException {
        on(
                "online",
                "link add " + host + " address 02:00:00:00:0" + number + ":01 type veth peer name online address"
                        + " 02:00:00:00:0" + number + ":02 netns " + name(host));
        on("online", "addr add " + net + "254/24 dev " + host);
        on("online", "link set " + host + " up");
        on(host, "addr add " + net + number + "/24 dev online");
        on(host, "link set online up");
    }

    private String name(String host) {
        return prefix + host;
    }

    private static String ip(String arguments) throws IOException {
        return run("ip " + arguments);
    }

    private static String run(String command) throws IOException {
        Process process =
                new ProcessBuilder(command.split(" ")).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(command + ": " + output);
        }
        return output;
    }
}
