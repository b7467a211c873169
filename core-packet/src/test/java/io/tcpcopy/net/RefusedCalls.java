package io.tcpcopy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;

/**
 * System calls that the kernel refuses to a thread, until it ends, and to the programs that it starts (seccomp(2)): as if there were no
 * more descriptors or memory, or as if the kernel had been built without something.
 */
public final class RefusedCalls {
    private static final int PR_SET_SECCOMP = 22;
    private static final long SECCOMP_MODE_FILTER = 2;
    private static final int SECCOMP_RET_ERRNO = 0x00050000;
    private static final int SECCOMP_RET_ALLOW = 0x7FFF0000;

    /** {@code struct seccomp_data}: the number of the call, and behind other things its arguments, of which 32 bits are enough. */
    private static final int NUMBER_OFFSET = 0;

    private static final int ARGUMENTS_OFFSET = 16;

    /** Of x86-64, the numbers of calls and the arguments by which a mapping is recognized. */
    private static final int SYS_MMAP = 9;

    private static final int SYS_SOCKET = 41;
    private static final int PRIVATE_ANONYMOUS = 0x22;

    private RefusedCalls() {}

    /**
     * No sockets of a kind from now on.
     *
     * @param type without the flags that are added to it
     */
    public static void sockets(int family, int type, int protocol, int errno) {
        int flags = Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC;
        refuse(errno, SYS_SOCKET, argument(0), family, argument(1), type | flags, argument(2), protocol);
    }

    /** No memory of this length from now on. */
    public static void memory(int length, int errno) {
        refuse(errno, SYS_MMAP, argument(1), length, argument(3), PRIVATE_ANONYMOUS);
    }

    private static int argument(int index) {
        return ARGUMENTS_OFFSET + index * Long.BYTES;
    }

    /** Refuses a call in which there are certain values at certain offsets. */
    private static void refuse(int errno, int call, int... offsetsAndValues) {
        assumeTrue(System.getProperty("os.arch").equals("amd64"), "skipped: needs the system calls of x86-64");
        int instructionsLeft = offsetsAndValues.length + 1;
        FilterProgram program = new FilterProgram().loadWord(NUMBER_OFFSET).jumpIfEqual(call, 0, instructionsLeft);
        for (int i = 0; i < offsetsAndValues.length; i += 2) {
            instructionsLeft -= 2;
            program.loadWord(offsetsAndValues[i]).jumpIfEqual(offsetsAndValues[i + 1], 0, instructionsLeft);
        }
        install(program.take(SECCOMP_RET_ERRNO | errno).take(SECCOMP_RET_ALLOW).instructions());
    }

    /** By a {@code struct sock_fprog}. */
    private static void install(byte[] instructions) {
        Memory filter = new Memory(instructions.length);
        filter.write(0, instructions, 0, instructions.length);
        Memory program = new Memory(2 * Long.BYTES);
        program.setShort(0, (short) (instructions.length / Long.BYTES));
        program.setPointer(Long.BYTES, filter);
        Object[] arguments = {PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program};
        assertThat(NativeLibrary.getInstance("c").getFunction("prctl").invokeInt(arguments))
                .isZero();
    }
}
