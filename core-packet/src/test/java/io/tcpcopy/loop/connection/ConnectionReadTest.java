package io.tcpcopy.loop.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.net.ByteStream;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.NativeMemory;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import org.junit.jupiter.api.Test;

/** How much a connection reads in a turn. */
class ConnectionReadTest {
    private static final int READ_BYTES = 16;

    private final RecordingHandler handler = new RecordingHandler();
    private final Waiting stream = new Waiting();
    private final Connection connection = new Connection(
            stream,
            false,
            handler,
            new MessageQueue(0, new QueueMemory()),
            WhenFull.REFUSE,
            NativeMemory.allocate(READ_BYTES, ByteOrder.BIG_ENDIAN));

    @Test
    void whatWaitsIsReadInOneTurn() {
        stream.bytes = 5 * READ_BYTES + 1;

        assertThat(turnEndsWithMoreToRead()).isFalse();

        assertThat(handler.received).hasSize(5 * READ_BYTES + 1);
    }

    @Test
    void othersHaveTheirTurnWhereThereIsAlwaysMoreToRead() {
        stream.bytes = Integer.MAX_VALUE;

        assertThat(turnEndsWithMoreToRead()).isTrue();
        assertThat(handler.received).hasSize(Connection.MAX_READS * READ_BYTES);
    }

    @Test
    void whatItsOwnerHasClosedIsNotRead() {
        stream.bytes = 5 * READ_BYTES;
        handler.onReceived = () -> connection.close("not understood");

        assertThat(turnEndsWithMoreToRead()).isFalse();

        assertThat(handler.received).hasSize(READ_BYTES);
    }

    private boolean turnEndsWithMoreToRead() {
        return connection.ready(SelectionKey.OP_READ);
    }

    /** A stream whose other end has sent so many bytes. */
    private static final class Waiting implements ByteStream {
        private int bytes;

        @Override
        public int receive(NativeMemory memory) {
            int length = Math.min(bytes, memory.size());
            bytes -= length;
            return length == 0 ? -Errno.EAGAIN : length;
        }

        @Override
        public int send(NativeMemory memory, int offset, int length) {
            return -Errno.EAGAIN;
        }

        @Override
        public int fd() {
            return 0;
        }

        @Override
        public Endpoint local() {
            return Endpoint.ipv4(0, 0);
        }

        @Override
        public Endpoint peer() {
            return Endpoint.ipv4(0, 0);
        }

        @Override
        public int connectError() {
            return 0;
        }

        @Override
        public int silentMs() {
            return 0;
        }

        @Override
        public void close() {
            bytes = 0;
        }
    }
}
