/**
 * Numbers over time: a timeline notes them on the loop while something runs, and charts of them are drawn when it is over. Offline
 * comes in, for the report of a replay. What leaves are paths and words, which a page puts where it wants them.
 */
package io.tcpcopy.tcpcopy.chart;
