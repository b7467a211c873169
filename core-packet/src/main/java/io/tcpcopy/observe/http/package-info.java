/**
 * A small HTTP server on an event loop of its own: short answers to GET and HEAD, one to a connection. Nobody who is slow or
 * silent keeps the others waiting: no thread waits for a connection. Used by observe alone; uses loop and net. It gives what a
 * {@link io.tcpcopy.observe.http.HttpHandler} says for a path.
 */
package io.tcpcopy.observe.http;
