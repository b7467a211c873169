/**
 * What a program that runs shows of itself to others: its numbers as Prometheus reads them, findings, whether it is ready, and
 * the status page, all of it asked on the program's own thread, which does no more than to note numbers; addresses lose their
 * end. Used by the programs and by collect; uses metrics, diagnosis, doctor, and its own server. It gives texts, over HTTP.
 */
package io.tcpcopy.observe;
