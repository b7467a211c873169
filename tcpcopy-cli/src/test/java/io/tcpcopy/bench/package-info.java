/**
 * {@code scripts/bench}: the rows of the table in {@code docs/performance.md}, each a service that is copied in the lab
 * under a certain load, with what is lost or doubled at the target and what the programs cost.
 */
package io.tcpcopy.bench;
