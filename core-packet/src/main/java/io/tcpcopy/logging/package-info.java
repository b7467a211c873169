/** Log lines that may not become a flood. Uses slf4j alone. */
package io.tcpcopy.logging;
