package io.tcpcopy.net;

import java.util.List;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.u_int32_t;

/** The functions of libpcap that compile filters and try them, as jnr-ffi binds them. */
final class LibpcapFunctions {
    /** The names under which distributions have it: Debian's first. */
    static final List<String> NAMES = List.of("libpcap.so.0.8", "libpcap.so.1", "pcap");

    private LibpcapFunctions() {}

    /** Addresses are passed as numbers, and structures as arrays, which are copied. */
    public interface Calls {
        long pcap_open_dead(int linkType, int snapshotLength);

        int pcap_compile(long handle, @Out byte[] program, @In String filter, int optimize, @u_int32_t int netmask);

        String pcap_geterr(long handle);

        void pcap_freecode(@In byte[] program);

        void pcap_close(long handle);

        int pcap_offline_filter(long program, long header, long packet);

        String pcap_lib_version();
    }

    /**
     * Loads the first library that is there.
     *
     * @throws UnsatisfiedLinkError when none is; it names the first
     */
    static Calls load(List<String> names) {
        UnsatisfiedLinkError reason = null;
        for (String name : names) {
            try {
                return LibraryLoader.create(Calls.class).failImmediately().load(name);
            } catch (UnsatisfiedLinkError e) {
                reason = reason == null ? e : reason;
            }
        }
        throw reason;
    }
}
