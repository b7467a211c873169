/**
 * What programs and files of the host say, bounded in time and length, and where some of it stands. Used by doctor and collect; uses nothing but the JDK.
 * Texts leave, or why there are none.
 */
package io.tcpcopy.host;
