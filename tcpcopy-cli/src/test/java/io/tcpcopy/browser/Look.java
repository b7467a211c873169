package io.tcpcopy.browser;

/**
 * How a page is looked at.
 *
 * @param width of the window, in CSS pixels
 * @param height of the window, in CSS pixels; a picture shows the whole page, and no less than the window
 * @param dark whether the reader prefers a dark page
 */
public record Look(int width, int height, boolean dark) {
    /** A wide window, light. */
    public static final Look DESK = new Look(1400, 900, false);
    /** A phone at night. */
    public static final Look PHONE = new Look(400, 900, true);
    /** A few rows of a terminal. */
    public static final Look TERMINAL = new Look(1400, 100, true);
}
