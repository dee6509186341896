package dev.redrive.letter;

import dev.redrive.filter.FilterException;
import dev.redrive.filter.Term.Value;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code ts:>2h}, {@code ts:<15m} and {@code ts:2026-11-23T02:00Z..2026-11-23T03:00Z} over the time of the failure. */
final class TimeTerm {

    private static final Pattern AGE = Pattern.compile("([0-9]{1,6})([smhdw])");

    private static final Map<String, Integer> SECONDS = Map.of("s", 1, "m", 60, "h", 3_600, "d", 86_400, "w", 604_800);

    private TimeTerm() {}

    static String sql(Conditions to, Value value) {
        if (value.prefix()) {
            throw new FilterException(value.position(), "A time is no prefix");
        }
        if (!value.operator().isEmpty()) {
            return age(to, value);
        }
        int dots = value.text().indexOf("..");
        if (dots < 0) {
            throw new FilterException(value.position(), "Expected ts:>2h, ts:<15m or ts:from..to");
        }
        var from = value.text().substring(0, dots);
        var until = value.text().substring(dots + 2);
        if (from.isEmpty() && until.isEmpty()) {
            throw new FilterException(value.position(), "A range needs one end at least");
        }
        var lower = from.isEmpty() ? "true" : "d.failed_at >= " + to.bind(time(from, value.position()));
        var upper = until.isEmpty() ? "true" : "d.failed_at < " + to.bind(time(until, value.position() + dots + 2));
        return "(" + lower + " AND " + upper + ")";
    }

    /** Older than is greater: {@code ts:>2h} failed more than two hours ago, on the database's clock. */
    private static String age(Conditions to, Value value) {
        var matcher = AGE.matcher(value.text());
        if (!matcher.matches()) {
            throw new FilterException(value.position(), "Expected an age such as 15m, 2h or 7d");
        }
        double seconds = Double.parseDouble(matcher.group(1)) * SECONDS.getOrDefault(matcher.group(2), 1);
        var operator = value.operator().startsWith(">") ? "<" : ">";
        return "d.failed_at " + operator + " now() - make_interval(secs => " + to.bind(seconds) + ")";
    }

    /**
     * @param text RFC 3339, or a date, or a date and a time to the minute; without an offset it is UTC
     * @throws FilterException if it is none
     */
    static OffsetDateTime time(String text, int position) {
        try {
            if (text.length() <= 10) {
                return LocalDate.parse(text).atStartOfDay().atOffset(ZoneOffset.UTC);
            }
            boolean offset = text.endsWith("Z") || text.lastIndexOf('+') > 10 || text.lastIndexOf('-') > 10;
            var time = offset
                    ? OffsetDateTime.parse(text)
                    : LocalDateTime.parse(text).atOffset(ZoneOffset.UTC);
            if (time.getYear() < 1900 || time.getYear() > 9999) {
                throw new FilterException(position, "Expected a year from 1900 to 9999");
            }
            return time;
        } catch (DateTimeException noTime) {
            throw new FilterException(position, "Expected a time such as 2026-11-23T02:00Z");
        }
    }
}
