/**
 * Reads capture files. Used by tcpcopy and by capture.open. It gives packets one at a time, when they are asked for: a
 * file is no source that the event loop could wait for.
 */
package io.tcpcopy.capture.file;
