/**
 * A real browser in the lab, for the test of the status page and for the pictures in docs/. It comes with Debian (chromium, chromium-driver)
 * and is driven by Selenium; nothing is downloaded, and it reaches nothing but the host that it runs on.
 */
package io.tcpcopy.browser;
