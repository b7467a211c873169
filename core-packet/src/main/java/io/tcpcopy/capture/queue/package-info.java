/**
 * Takes packets from netfilter's queue. Used by intercept, for the settings. It gives sources, and the kernel a verdict
 * on each packet.
 */
package io.tcpcopy.capture.queue;
