package dev.redrive.filter;

import dev.redrive.filter.Filter.All;
import dev.redrive.filter.Filter.And;
import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.Filter.Not;
import dev.redrive.filter.Filter.Or;
import dev.redrive.filter.Filter.Words;
import dev.redrive.filter.Value.Moment;
import dev.redrive.filter.Value.Numbers;
import dev.redrive.filter.Value.Text;
import dev.redrive.filter.Value.Times;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes a filter in the one way that reads as the same filter, for what is stored and compared. */
public final class FilterText {

    private static final DateTimeFormatter INSTANT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Set<String> OPERATORS = Set.of("AND", "OR", "NOT");
    private static final long[] UNITS = {7 * 86_400, 86_400, 3_600, 60, 1};
    private static final String UNIT_NAMES = "wdhms";

    private FilterText() {}

    public static String of(Filter filter) {
        if (filter instanceof Match match) {
            return match(match);
        }
        if (filter instanceof Words words) {
            return (isPlainWord(words.text()) ? words.text() : quoted(words.text())) + (words.prefix() ? "*" : "");
        }
        if (filter instanceof Not not) {
            return "-" + inner(not.part(), not.part() instanceof And || not.part() instanceof Or);
        }
        if (filter instanceof And and) {
            return and.parts().stream()
                    .map(part -> inner(part, part instanceof Or))
                    .collect(Collectors.joining(" "));
        }
        return filter instanceof Or or
                ? or.parts().stream().map(FilterText::of).collect(Collectors.joining(" OR "))
                : of((All) filter);
    }

    private static String of(All all) {
        return "";
    }

    private static String inner(Filter filter, boolean parenthesised) {
        return parenthesised ? "(" + of(filter) + ")" : of(filter);
    }

    private static String match(Match match) {
        var field = match.field();
        var path = match.path();
        var name = path == null
                ? field.word()
                : field.word() + "." + (field == Field.PAYLOAD || isPlainName(path) ? path : quoted(path));
        return match.anyOf().stream().map(FilterText::value).collect(Collectors.joining(",", name + ":", ""));
    }

    private static String value(Value value) {
        if (value instanceof Text text) {
            return (isPlainValue(text.text()) ? text.text() : quoted(text.text())) + (text.prefix() ? "*" : "");
        }
        if (value instanceof Numbers numbers) {
            var from = numbers.from();
            return from != null && from.equals(numbers.to()) ? from.toString() : text(from) + ".." + text(numbers.to());
        }
        var times = (Times) value;
        return moment(times.from()) + ".." + moment(times.to());
    }

    private static String text(@Nullable Long number) {
        return number == null ? "" : number.toString();
    }

    private static String moment(@Nullable Moment moment) {
        if (moment instanceof Moment.Ago ago) {
            long seconds = ago.age().toSeconds();
            int unit = 0;
            while (seconds % UNITS[unit] != 0 || seconds == 0 && unit < 4) {
                unit++;
            }
            return seconds / UNITS[unit] + UNIT_NAMES.substring(unit, unit + 1);
        }
        return moment == null ? "" : INSTANT.format(moment.at(Instant.EPOCH));
    }

    private static boolean isPlainName(String name) {
        return name.chars().allMatch(c -> PathReader.isPlain((char) c) || c == '.');
    }

    private static boolean isPlainWord(String text) {
        return isPlainValue(text)
                && !text.startsWith("-")
                && text.indexOf(':') < 0
                && text.indexOf('\uff1a') < 0
                && !OPERATORS.contains(text)
                && !beginsLikeAPath(text);
    }

    /** As {@code payload.ab} does: without quotes it would be read as the field and its path, with no value. */
    private static boolean beginsLikeAPath(String text) {
        int dot = text.indexOf('.');
        return dot > 0
                && Field.of(text.substring(0, dot)).filter(Field::hasPath).isPresent();
    }

    private static boolean isPlainValue(String text) {
        return !text.isEmpty()
                && !text.startsWith(">")
                && !text.startsWith("<")
                && !text.endsWith("*")
                && text.chars().noneMatch(c -> Cursor.isSpace((char) c) || "\"(),".indexOf(c) >= 0);
    }

    /** @return the text in quotes, with what would end it escaped */
    static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
