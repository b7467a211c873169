/**
 * Command lines: how they are read, the options that both programs have, the values of options, and the error that
 * names an option. Used by the programs, by daemon and by capture.open. It gives checked settings, or one line about
 * what is wrong.
 */
package io.tcpcopy.options;
