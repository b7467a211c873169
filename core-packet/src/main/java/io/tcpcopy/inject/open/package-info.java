/**
 * Chooses how packets leave for each target, and opens what that takes, also while the program runs. Used by the programs alone; uses
 * the rooms of both ways out, neither of which uses it. It gives a sink, and errors that say what is wrong.
 */
package io.tcpcopy.inject.open;
