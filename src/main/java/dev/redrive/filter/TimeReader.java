package dev.redrive.filter;

import dev.redrive.filter.Value.Moment;
import dev.redrive.filter.Value.Times;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a span of time. A time without a zone is in UTC; one that is written to the minute means that whole minute, a
 * date the whole day. In a range a date includes its day and a time is where the range ends.
 */
final class TimeReader {

    private static final String CLOCK =
            "([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\\.([0-9]{1,3}))?)?([Zz]|[+-][0-9]{2}:[0-9]{2})?";
    private static final Pattern DATE = Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt]" + CLOCK + ")?");
    private static final Pattern SHORT = Pattern.compile(CLOCK);
    private static final Pattern AGE = Pattern.compile("([0-9]{1,7})([smhdwSMHDW])");
    private static final long OLDEST_SECONDS = 36_500L * 86_400;

    private static final int FIRST_YEAR = 1900;
    private static final int LAST_YEAR = 9998;

    private final String word;
    private final int from;
    private final boolean stored;

    /** @param stored whether it was accepted once: then its ages may have become times, and its days their ends */
    TimeReader(String word, int from, boolean stored) {
        this.word = word;
        this.from = from;
        this.stored = stored;
    }

    /** @param seconds of the unit it was written to; 0 for an age */
    private record Written(Moment moment, double seconds, String date, String zone) {
        boolean isAge() {
            return moment instanceof Moment.Ago;
        }

        boolean isDate() {
            return seconds == 86_400;
        }

        Moment end() {
            return moment instanceof Moment.At at
                    ? new Moment.At(at.instant().plusMillis(Math.round(seconds * 1_000)))
                    : moment;
        }
    }

    Times read() {
        int dots = word.indexOf("..");
        if (dots >= 0) {
            return range(dots);
        }
        int operator = word.startsWith(">=") || word.startsWith("<=") ? 2 : 1;
        if (word.startsWith(">")) {
            return after(moment(word.substring(operator), from + operator, null), operator == 2);
        }
        if (word.startsWith("<")) {
            return before(moment(word.substring(operator), from + operator, null), operator == 2);
        }
        var at = moment(word, from, null);
        if (at.isAge()) {
            throw new FilterException(from, from + word.length(), "Say whether it is younger or older", "<" + word);
        }
        return new Times(at.moment(), at.end());
    }

    private static Times after(Written time, boolean included) {
        if (time.isAge()) {
            return new Times(null, time.moment());
        }
        return new Times(included ? time.moment() : time.end(), null);
    }

    private static Times before(Written time, boolean included) {
        if (time.isAge()) {
            return new Times(time.moment(), null);
        }
        return new Times(null, included ? time.end() : time.moment());
    }

    private Times range(int dots) {
        var low = dots == 0 ? null : moment(word.substring(0, dots), from, null);
        var rest = word.substring(dots + 2);
        var high = rest.isEmpty() ? null : moment(rest, from + dots + 2, low);
        if (low == null && high == null) {
            throw notATime(word, from);
        }
        var begin = low == null ? null : low.moment();
        var end = high == null ? null : high.isDate() ? high.end() : high.moment();
        boolean comparable = !stored && low != null && high != null && low.isAge() == high.isAge();
        if (comparable
                && begin != null
                && end != null
                && !begin.at(Instant.EPOCH).isBefore(end.at(Instant.EPOCH))) {
            throw new FilterException(from, from + word.length(), "A range goes from the earlier to the later", null);
        }
        return new Times(begin, end);
    }

    /** @param start of the range whose end this is, of which it may leave out the date */
    private Written moment(String text, int at, @Nullable Written start) {
        var age = AGE.matcher(text);
        if (age.matches()) {
            long seconds = Long.parseLong(age.group(1)) * unit(Nearest.lower(age.group(2)));
            if (seconds > OLDEST_SECONDS) {
                throw new FilterException(at, at + text.length(), "The age is too great", null);
            }
            return new Written(new Moment.Ago(Duration.ofSeconds(seconds)), 0, "", "");
        }
        var date = DATE.matcher(text);
        if (date.matches()) {
            return date.group(2) == null
                    ? time(text, at, date.group(1), null, 0, "Z")
                    : time(text, at, date.group(1), date, 2, "Z");
        }
        var time = SHORT.matcher(text);
        if (start != null && !start.isAge() && time.matches()) {
            return time(text, at, start.date(), time, 1, start.zone());
        }
        throw notATime(text, at);
    }

    private static long unit(String unit) {
        return switch (unit) {
            case "s" -> 1;
            case "m" -> 60;
            case "h" -> 3_600;
            case "d" -> 86_400;
            default -> 7 * 86_400;
        };
    }

    /** @param group of the hours in the match; the others follow */
    private Written time(String text, int at, String date, @Nullable Matcher clock, int group, String otherZone) {
        int[] parts = new int[4];
        double seconds = 86_400;
        var zone = otherZone;
        if (clock != null) {
            var fraction = clock.group(group + 3);
            parts[0] = Integer.parseInt(clock.group(group));
            parts[1] = Integer.parseInt(clock.group(group + 1));
            parts[2] = clock.group(group + 2) == null ? 0 : Integer.parseInt(clock.group(group + 2));
            parts[3] = fraction == null ? 0 : Integer.parseInt((fraction + "00").substring(0, 3));
            seconds = clock.group(group + 2) == null ? 60 : fraction == null ? 1 : 0.001;
            zone = clock.group(group + 4) == null ? otherZone : clock.group(group + 4);
        }
        try {
            var local = LocalDateTime.parse(date + "T00:00:00")
                    .withHour(parts[0])
                    .withMinute(parts[1])
                    .withSecond(parts[2])
                    .withNano(parts[3] * 1_000_000);
            // So that the end of every span has four digits as well.
            if (!stored && (local.getYear() < FIRST_YEAR || local.getYear() > LAST_YEAR)) {
                throw new DateTimeException("year");
            }
            var offset = ZoneOffset.of(zone.equals("z") ? "Z" : zone);
            return new Written(new Moment.At(local.toInstant(offset)), seconds, date, zone);
        } catch (DateTimeException impossible) {
            throw new FilterException(at, at + text.length(), "There is no such time", null);
        }
    }

    private static FilterException notATime(String text, int at) {
        return new FilterException(
                at, at + text.length(), "Expected an age such as <2h or a time such as 2026-11-23T02:00Z", null);
    }
}
