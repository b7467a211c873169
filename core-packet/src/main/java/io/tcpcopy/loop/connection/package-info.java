/**
 * Connections to other hosts on an event loop, made or accepted, each with a bounded queue of messages in front. Used by observe.http
 * and the programs, whose handlers are called on the thread of the loop.
 */
package io.tcpcopy.loop.connection;
