/**
 * Looks at what intercept needs before it runs: the checks of --doctor. The program comes in with its settings; findings leave on
 * standard output.
 */
package io.tcpcopy.intercept.doctor;
