package dev.redrive.letter;

import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.Value;
import dev.redrive.filter.Value.Numbers;
import dev.redrive.filter.Value.Text;
import dev.redrive.filter.Value.Times;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** The values of one term against columns. Names of columns are ours, values are bound. */
final class Columns {

    private Columns() {}

    static List<Text> texts(Match match) {
        return match.anyOf().stream().map(Text.class::cast).toList();
    }

    private static List<Text> texts(Match match, boolean prefix) {
        return texts(match).stream().filter(text -> text.prefix() == prefix).toList();
    }

    static String text(Parameters to, String column, Match match) {
        var any = new ArrayList<String>();
        var exact = texts(match, false);
        if (!exact.isEmpty()) {
            any.add(column + " = ANY (" + to.bind(exact.stream().map(Text::text).toArray(String[]::new)) + "::text[])");
        }
        var starts = texts(match, true);
        if (!starts.isEmpty()) {
            var bound = to.bind(starts.stream().map(Text::text).toArray(String[]::new));
            any.add("EXISTS (SELECT FROM unnest(" + bound + "::text[]) AS start WHERE starts_with(" + column
                    + ", start))");
        }
        return "(" + String.join(" OR ", any) + ")";
    }

    static String bytes(Parameters to, String column, Match match) {
        var any = new ArrayList<String>();
        var exact = texts(match, false);
        if (!exact.isEmpty()) {
            any.add(column + " = ANY (" + to.bind(buffers(exact)) + "::bytea[])");
        }
        var starts = texts(match, true);
        if (!starts.isEmpty()) {
            any.add("EXISTS (SELECT FROM unnest(" + to.bind(buffers(starts)) + "::bytea[]) AS start WHERE substring("
                    + column + " FROM 1 FOR octet_length(start)) = start)");
        }
        return "(" + String.join(" OR ", any) + ")";
    }

    static Buffer[] buffers(List<Text> texts) {
        return texts.stream().map(text -> Buffer.buffer(text.text())).toArray(Buffer[]::new);
    }

    static String numbers(Parameters to, String column, Match match) {
        var any = new ArrayList<String>();
        var exact = new ArrayList<Long>();
        for (Value value : match.anyOf()) {
            var numbers = (Numbers) value;
            Long from = numbers.from();
            Long until = numbers.to();
            if (from != null && from.equals(until)) {
                exact.add(from);
            } else {
                any.add((from == null ? "true" : column + " >= " + to.bind(from) + "::bigint") + " AND "
                        + (until == null ? "true" : column + " <= " + to.bind(until) + "::bigint"));
            }
        }
        if (!exact.isEmpty()) {
            any.add(column + " = ANY (" + to.bind(exact.toArray(Long[]::new)) + "::bigint[])");
        }
        return "((" + String.join(") OR (", any) + "))";
    }

    static String times(Parameters to, String column, Match match, Instant now) {
        var any = new ArrayList<String>();
        for (Value value : match.anyOf()) {
            var times = (Times) value;
            var from = times.from();
            var until = times.to();
            any.add((from == null ? "true" : column + " >= " + time(to, from.at(now))) + " AND "
                    + (until == null ? "true" : column + " < " + time(to, until.at(now))));
        }
        return "((" + String.join(") OR (", any) + "))";
    }

    private static String time(Parameters to, Instant time) {
        return to.bind(time.atOffset(ZoneOffset.UTC)) + "::timestamptz";
    }

    /** Escapes what LIKE would read as a wildcard. */
    static String literal(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }
}
