/**
 * The firewall's rules for what leaves this host, read as {@code nft} and {@code iptables-save} print them, and what becomes of a packet
 * there. Checks of both programs come in with a packet; the rules that concern it leave, each with how sure that is: conditions that
 * are not understood may hold.
 */
package io.tcpcopy.doctor.firewall;
