package dev.redrive.grouping;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What of a normalised message is hashed. */
final class MessageShape {

    /** Less than is kept: how long the values are must not move the place where a long message is cut. */
    private static final int SHAPE = 300;

    private static final String VALUE = "‹…›";
    private static final String BETWEEN_VALUES = " ,/-:";

    private MessageShape() {}

    /**
     * The words alone: what kind a value was of is no difference, since one order has a number and the next a UUID.
     * Several values in a row are one.
     */
    static String of(String normalised) {
        var shape = new StringBuilder();
        int at = 0;
        while (at < normalised.length()) {
            char c = normalised.charAt(at);
            int end = c == '‹' ? normalised.indexOf('›', at) : -1;
            if (end < 0) {
                shape.append(c);
                at++;
                continue;
            }
            int back = shape.length();
            while (back > 0 && BETWEEN_VALUES.indexOf(shape.charAt(back - 1)) >= 0) {
                back--;
            }
            boolean again = back > 0 && back < shape.length() && shape.charAt(back - 1) == '›';
            shape.setLength(again ? back - VALUE.length() : shape.length());
            shape.append(VALUE);
            at = Plural.shortened(normalised, end + 1, shape);
        }
        int end = Math.min(shape.length(), SHAPE);
        int open = shape.lastIndexOf("‹", end - 1);
        end = open >= 0 && shape.indexOf("›", open) >= end ? open : end;
        while (end > 0 && ".,:; ".indexOf(shape.charAt(end - 1)) >= 0) {
            end--;
        }
        return shape.substring(0, end);
    }

    /** Violations of a validated bean are a set: they come in any order. */
    static String sorted(String normalised) {
        var violations = new ArrayList<>(List.of(normalised.split(", ", -1)));
        Collections.sort(violations);
        return String.join(", ", violations);
    }
}
