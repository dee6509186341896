package dev.redrive.filter;

import java.util.List;

/**
 * {@code field:value} or {@code -field:value}.
 *
 * @param field lower case, as written
 * @param values any of them fits; at least one
 * @param position of the field in the text, from 0
 */
public record Term(String field, boolean negated, List<Value> values, int position) {

    public Term {
        values = List.copyOf(values);
    }

    /**
     * @param operator {@code >}, {@code >=}, {@code <}, {@code <=} before a bare word, else empty
     * @param text without quotes and operators; not empty unless quoted
     * @param prefix whether it ended in {@code *}
     * @param position of the value in the text, from 0
     */
    public record Value(String operator, String text, boolean prefix, int position) {}
}
