/** What a module's rooms (packages) may use of each other, as rules that tests check. */
package io.tcpcopy.rooms;
