/**
 * What all rooms share: the settings, the counters, how a session is known, the time of the clients and the pauses of the
 * tunnel. Everybody may come in; nothing here knows a session. Packets and routes leave the module by two interfaces,
 * {@link io.tcpcopy.session.base.TargetLink} and {@link io.tcpcopy.session.base.Routes}, which the programs implement.
 */
package io.tcpcopy.session.base;
