package io.tcpcopy.browser;

/**
 * How a page is looked at.
 *
 * @param width of the window, in CSS pixels
 * @param dark whether the reader prefers a dark page
 */
public record Look(int width, boolean dark) {
    /** A wide window, light. */
    public static final Look DESK = new Look(1400, false);
    /** A phone at night. */
    public static final Look PHONE = new Look(400, true);
}
