package io.tcpcopy.inject.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.frame.FrameRoute;
import io.tcpcopy.inject.frame.FrameSettings;
import io.tcpcopy.loop.LoopDriver;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.PrivateNetwork;
import io.tcpcopy.net.RefusedCalls;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.Ipv4Header;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What stays open when the kernel refuses a part of what it takes to inject, as it may again and again. */
@Timeout(60)
class SinkOpenerTest {
    private static final Endpoint TARGET = Endpoint.ipv4(0x0A5C0002, 80);
    private static final InjectSettings ADDRESSED = InjectSettings.addressed(
            new FrameSettings("here", List.of(new FrameRoute(TARGET.address(), 0x020A000000F1L, 0x020A000000F2L))));

    /** Of the packets that wait to leave by one way. */
    private static final int QUEUE_BYTES = 1 << 20;

    private static final int ENOMEM = 12;
    private static final int EMFILE = 24;

    @ParameterizedTest
    @EnumSource(
            value = InjectKind.class,
            names = {"FRAME", "RAW"})
    void nothingStaysOpenWithoutMemoryForTheQueue(InjectKind kind) throws Exception {
        failing(
                InjectSettings.routed(kind),
                () -> RefusedCalls.memory(QUEUE_BYTES, ENOMEM),
                "cannot map memory for packets: Cannot allocate memory");
    }

    @Test
    void nothingStaysOpenWithoutMemoryForTheQueueOfFramesWithGivenAddresses() throws Exception {
        failing(
                ADDRESSED,
                () -> RefusedCalls.memory(QUEUE_BYTES, ENOMEM),
                "cannot map memory for packets: Cannot allocate memory");
    }

    @Test
    void nothingStaysOpenWithoutASocketForFrames() throws Exception {
        failing(
                ADDRESSED,
                () -> RefusedCalls.sockets(Libc.AF_PACKET, Libc.SOCK_RAW, 0, EMFILE),
                "the kernel has no packet socket with virtio headers: Too many open files");
    }

    @Test
    void nothingStaysOpenWithoutASocketThatShowsWhatLeaves() throws Exception {
        failing(
                InjectSettings.routed(InjectKind.RAW),
                () -> RefusedCalls.sockets(Libc.AF_PACKET, Libc.SOCK_DGRAM, 0, EMFILE),
                "cannot watch what leaves this host: Too many open files");
    }

    private static void failing(InjectSettings settings, Runnable refusal, String message) throws Exception {
        PrivateNetwork.run(() -> {
            PrivateNetwork.ip("link add here type veth peer name there");
            PrivateNetwork.ip("link set here up");
            PrivateNetwork.ip("link set there up");
            PrivateNetwork.ip("addr add 10.92.0.1/24 dev here");
            try (LoopDriver driver = new LoopDriver()) {
                List<String> before = sockets();
                refusal.run();

                assertThatThrownBy(() ->
                                SinkOpener.open(driver.loop(), settings, List.of(TARGET), Ipv4Header.PROTOCOL_TCP))
                        .isInstanceOf(StartException.class)
                        .hasMessage(message);
                assertThat(sockets()).isEqualTo(before);
            }
        });
    }

    /** Those of the kinds that injecting needs, in the namespace of the thread. */
    private static List<String> sockets() throws IOException {
        List<String> sockets = new ArrayList<>();
        for (String kind : new String[] {"raw", "packet", "netlink"}) {
            sockets.addAll(Files.readAllLines(Path.of("/proc/thread-self/net", kind)));
        }
        return sockets;
    }
}
