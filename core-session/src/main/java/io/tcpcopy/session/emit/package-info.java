/**
 * The bytes of packets that leave for the targets: copies of what clients sent, and SYNs, ACKs and RSTs of our own. Sessions
 * come in and say what to write and what to acknowledge; nothing is decided here. Whole packets with right checksums leave by
 * the link.
 */
package io.tcpcopy.session.emit;
