/** Keys of connections and the maps that find things by them. */
package io.tcpcopy.flow;
