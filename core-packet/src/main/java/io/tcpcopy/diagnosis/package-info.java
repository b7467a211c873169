/** Says in words where most is lost, and what to do, judged from counters. Uses java.base alone. */
package io.tcpcopy.diagnosis;
