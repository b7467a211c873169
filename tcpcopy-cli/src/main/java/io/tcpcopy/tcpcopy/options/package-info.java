/**
 * The command line: its options, their checks, and the settings that they make. The main class comes in to have it read, and
 * the build to make the man page and the completions from the options. Checked
 * {@link io.tcpcopy.tcpcopy.options.TcpcopySettings} leave, or one sentence about what is wrong.
 */
package io.tcpcopy.tcpcopy.options;
