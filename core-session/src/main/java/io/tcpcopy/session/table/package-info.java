/**
 * All sessions: those that live, found from both sides, those that have just ended, those that wait in line, and the ports and
 * the memory that they take. Only the engine comes in, by {@link io.tcpcopy.session.table.Sessions}. What ended sessions withdraw
 * of routes leaves by {@link io.tcpcopy.session.base.Routes}.
 */
package io.tcpcopy.session.table;
