/**
 * What doctor and probe of both programs share: checks of the host, and findings written for people and for programs. The programs come
 * in with checks of their own; findings leave.
 */
package io.tcpcopy.doctor;
