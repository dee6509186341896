package dev.redrive.grouping;

import java.util.Locale;
import java.util.Set;

/**
 * The unit behind a number. One of time, size or money is part of the value, since it changes with it: {@code 500
 * millisecond(s)} is {@code 1 minute(s)} next time. Any other says what was measured.
 */
final class Unit {

    private static final Set<String> OF_A_VALUE = Set.of(
            "ns",
            "us",
            "µs",
            "ms",
            "s",
            "sec",
            "secs",
            "min",
            "mins",
            "h",
            "hr",
            "hrs",
            "d",
            "nanos",
            "nanosecond",
            "nanoseconds",
            "micros",
            "microsecond",
            "microseconds",
            "millis",
            "millisecond",
            "milliseconds",
            "second",
            "seconds",
            "minute",
            "minutes",
            "hour",
            "hours",
            "day",
            "days",
            "week",
            "weeks",
            "byte",
            "bytes",
            "kb",
            "mb",
            "gb",
            "tb",
            "kib",
            "mib",
            "gib",
            "tib",
            "kr",
            "zł",
            "kč",
            "ft",
            "lei",
            "euro",
            "euros",
            "dollar",
            "dollars",
            "usd",
            "eur",
            "gbp",
            "chf");
    private static final int CHARS = 12;
    private static final String MARKS = "%‰°";

    private Unit() {}

    /** Behind the unit of time, size or money that follows a space at {@code at}; {@code at} where none does. */
    static int end(String text, int at) {
        int i = at + 1;
        while (i < text.length() && i - at <= CHARS && Character.isLetter(text.charAt(i))) {
            i++;
        }
        boolean ends =
                i >= text.length() || !Character.isLetterOrDigit(text.charAt(i)) && "-_/".indexOf(text.charAt(i)) < 0;
        boolean unit = at < text.length()
                && Word.isSpace(text.charAt(at))
                && ends
                && OF_A_VALUE.contains(text.substring(at + 1, i).toLowerCase(Locale.ROOT));
        if (!unit) {
            return at;
        }
        return text.startsWith("(s)", i) ? i + 3 : i;
    }

    /** Where the mark of another unit begins in {@code 99.5%} and {@code -3°C}; the length where there is none. */
    static int mark(String word) {
        int at = word.length();
        while (at > 0 && (MARKS.indexOf(word.charAt(at - 1)) >= 0 || at == word.length() && degrees(word))) {
            at--;
        }
        return at > 0 && Character.isDigit(word.charAt(at - 1)) ? at : word.length();
    }

    private static boolean degrees(String word) {
        return word.endsWith("°C") || word.endsWith("°F");
    }
}
