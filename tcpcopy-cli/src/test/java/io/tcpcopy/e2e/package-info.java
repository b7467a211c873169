/**
 * End-to-end tests: both programs as processes in the lab of {@code scripts/lab}, with real traffic. They need root,
 * iproute2, nftables and tcpdump, and are skipped elsewhere.
 */
package io.tcpcopy.e2e;
