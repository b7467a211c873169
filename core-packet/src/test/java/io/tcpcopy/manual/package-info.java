/**
 * The manual: man page and completions, made from a program's options when it is built, and the command lines that the
 * documents show. Among the tests because no program needs it when it runs.
 */
package io.tcpcopy.manual;
