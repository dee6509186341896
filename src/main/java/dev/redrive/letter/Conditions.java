package dev.redrive.letter;

import java.util.ArrayList;
import java.util.List;

/** SQL conditions joined by AND, with every value as a parameter. The texts are ours alone. */
final class Conditions {

    private final List<Object> parameters;
    private final List<String> conditions = new ArrayList<>();

    /** @param parameters of the whole statement, to which this adds its own */
    Conditions(List<Object> parameters) {
        this.parameters = parameters;
    }

    /** @return the place of the value in the statement, such as {@code $3} */
    String bind(Object value) {
        parameters.add(value);
        return "$" + parameters.size();
    }

    void add(String condition) {
        conditions.add(condition);
    }

    boolean isEmpty() {
        return conditions.isEmpty();
    }

    /** @return {@code (a) AND (b)}, or {@code true} without conditions */
    String sql() {
        return conditions.isEmpty() ? "true" : "(" + String.join(") AND (", conditions) + ")";
    }

    /** Escapes what LIKE would read as a wildcard. */
    static String literal(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }
}
