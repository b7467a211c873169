/**
 * Chooses how to capture, opens what a command line asks for, and reads it in the event loop, also after its device was removed and came
 * back. Used by the programs alone; uses the kinds of captures, none of which uses it. It gives packets to the handler
 * of the program, and errors that name the option that is wrong.
 */
package io.tcpcopy.capture.open;
