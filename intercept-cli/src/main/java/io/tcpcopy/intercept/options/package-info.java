/**
 * The command line: its options, their checks, and the settings that they make. The main class comes in to have it read,
 * serve to see the settings, and the build to make the man page and the completions from the options. Checked
 * {@link io.tcpcopy.intercept.options.InterceptSettings} leave, or one sentence about what is wrong.
 */
package io.tcpcopy.intercept.options;
