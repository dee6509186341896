package dev.redrive.letter;

import dev.redrive.filter.FilterException;
import dev.redrive.filter.Term.Value;
import io.vertx.core.buffer.Buffer;

/** One value of a term against columns of the letter. Column names are ours, values are always bound. */
final class LetterColumns {

    private LetterColumns() {}

    static String text(Conditions to, String column, Value value) {
        plain(value);
        return value.prefix()
                ? "starts_with(" + column + ", " + to.bind(value.text()) + ")"
                : column + " = " + to.bind(value.text());
    }

    /** Fits the whole name and the name without its package. */
    static String className(Conditions to, Value value, String... columns) {
        plain(value);
        var tail = value.prefix() ? "%" : "";
        var whole = to.bind(Conditions.literal(value.text()) + tail);
        var simple = to.bind("%." + Conditions.literal(value.text()) + tail);
        var sql = new StringBuilder();
        for (var column : columns) {
            sql.append(sql.isEmpty() ? "" : " OR ")
                    .append("d.%s LIKE %s OR d.%s LIKE %s".formatted(column, whole, column, simple));
        }
        return sql.toString();
    }

    static String contains(Conditions to, String text) {
        var pattern = to.bind("%" + Conditions.literal(text) + "%");
        return "d.message ILIKE %1$s OR d.exception_class ILIKE %1$s OR d.cause_class ILIKE %1$s".formatted(pattern);
    }

    static String key(Conditions to, Value value) {
        plain(value);
        var bytes = Buffer.buffer(value.text());
        return value.prefix()
                ? "substring(d.key FROM 1 FOR " + bytes.length() + ") = " + to.bind(bytes)
                : "d.key = " + to.bind(bytes);
    }

    static String number(Conditions to, String column, Value value) {
        var operator = value.operator().isEmpty() ? "=" : value.operator();
        return column + " " + operator + " " + to.bind(number(value)) + "::bigint";
    }

    static String has(Value value) {
        plain(value);
        return switch (value.text()) {
            case "trace" -> "d.trace_hash IS NOT NULL";
            case "key" -> "d.key IS NOT NULL";
            case "value" -> "d.value_size IS NOT NULL";
            case "payload" -> "d.payload = 'present'";
            case "parent" -> "s.parent_id IS NOT NULL";
            case "draft" -> "EXISTS (SELECT FROM draft WHERE draft.letter_id = s.letter_id AND draft.current)";
            default ->
                throw new FilterException(
                        value.position(),
                        "Known are has:trace, has:key, has:value, has:payload, has:parent, has:draft");
        };
    }

    /** An id of ours; no operator, no prefix. */
    static long id(Value value) {
        plain(value);
        return number(value);
    }

    private static long number(Value value) {
        boolean number = !value.prefix() && value.text().matches("[0-9]{1,18}");
        if (!number) {
            throw new FilterException(value.position(), "Expected a number");
        }
        return Long.parseLong(value.text());
    }

    private static void plain(Value value) {
        if (!value.operator().isEmpty()) {
            throw new FilterException(value.position(), "This field is not compared with " + value.operator());
        }
    }
}
