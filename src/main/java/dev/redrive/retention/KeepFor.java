package dev.redrive.retention;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** How long a letter keeps its bytes after it came to rest: an ISO 8601 duration, an hour at least, a century at most. */
record KeepFor(Duration time) {

    private static final Pattern WEEKS = Pattern.compile("P(\\d{1,5})W");
    private static final Duration LEAST = Duration.ofHours(1);
    private static final Duration MOST = Duration.ofDays(36_500);

    /** @return empty where it is none, too short or too long; months and years are none, since they differ */
    static Optional<KeepFor> parse(String text) {
        try {
            var weeks = WEEKS.matcher(text);
            var time = weeks.matches() ? Duration.ofDays(7L * Integer.parseInt(weeks.group(1))) : Duration.parse(text);
            return time.compareTo(LEAST) < 0 || time.compareTo(MOST) > 0 || time.getNano() > 0
                    ? Optional.empty()
                    : Optional.of(new KeepFor(time));
        } catch (DateTimeException invalid) {
            return Optional.empty();
        }
    }

    static KeepFor ofSeconds(long seconds) {
        return new KeepFor(Duration.ofSeconds(seconds));
    }

    long seconds() {
        return time.toSeconds();
    }

    /** {@code P30D}, {@code P1DT12H}: days stay days, unlike in {@link Duration#toString}. */
    @Override
    public String toString() {
        var rest = time.minusDays(time.toDays());
        var clock = rest.isZero() ? "" : rest.toString().substring(1);
        return time.toDays() == 0 ? time.toString() : String.format(Locale.ROOT, "P%dD%s", time.toDays(), clock);
    }
}
