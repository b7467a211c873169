/**
 * What intercept counts, and where responses are lost by these counts. Routing and serve come in to count, and serve to
 * write statistics; this room uses no other. The places of loss leave, each with a sentence about what to do.
 */
package io.tcpcopy.intercept.report;
