/**
 * Views of what arrives, reused for one packet after the other: captured client packets and datagrams, and response headers.
 * Bytes of anybody come in; the engine and the copier of datagrams parse them, sessions read them. What leaves has lengths that
 * agree with each other, or a verdict that says why not.
 */
package io.tcpcopy.session.arrival;
