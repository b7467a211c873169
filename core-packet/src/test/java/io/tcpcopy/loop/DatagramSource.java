package io.tcpcopy.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.net.SocketAddress;
import java.nio.ByteOrder;
import java.util.List;

/** A source whose readiness a test decides: a UDP socket on loopback that sends to itself. */
final class DatagramSource implements Source {
    private final String name;
    private final List<String> events;
    private final NativeMemory memory = NativeMemory.allocate(1, ByteOrder.BIG_ENDIAN);
    private final int fd;
    private Runnable action = () -> {};
    private boolean more;
    Registration registration;
    int readyOps;

    DatagramSource(String name, List<String> events) {
        this.name = name;
        this.events = events;
        fd = Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        Libc.bind(fd, SocketAddress.ipv4(new Endpoint(Address.LOOPBACK, 0)));
        assertThat(Libc.connect(fd, SocketAddress.ipv4(Libc.local(fd)))).isZero();
    }

    /** Makes it readable for so many calls. */
    void fill(int datagrams) {
        for (int i = 0; i < datagrams; i++) {
            assertThat(Libc.send(fd, memory.address(0, 1), 1, 0)).isOne();
        }
    }

    /** What each call does, after noting the name and taking one datagram. */
    void onReady(Runnable runnable) {
        action = runnable;
    }

    /** What each call answers. */
    void reportMore(boolean answer) {
        more = answer;
    }

    void close() {
        registration.cancel();
        Libc.close(fd);
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public boolean ready(int ops) {
        readyOps = ops;
        events.add(name);
        Libc.receive(fd, memory.address(0, 1), 1, 0);
        action.run();
        return more;
    }
}
