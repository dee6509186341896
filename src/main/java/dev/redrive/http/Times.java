package dev.redrive.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times as the API writes them, RFC 3339 in UTC and always with milliseconds, and as it reads them. */
public final class Times {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** As the format writes it. Lists write hundreds of times, and the format takes ten times as long. */
    private static final String PATTERN = "0000-00-00T00:00:00.000Z";

    private static final int DAY_MILLIS = 86_400_000;

    /** 9999-12-31T23:59:59.999Z, the last one that RFC 3339 can write. */
    private static final long LAST_MILLIS = 253_402_300_799_999L;

    private Times() {}

    /**
     * Java reads years of nine digits, which neither Postgres nor its client can count in microseconds.
     *
     * @throws DateTimeException where it is no time of RFC 3339, whose years have four digits
     */
    public static OffsetDateTime read(String text) {
        var time = OffsetDateTime.parse(text);
        int year = time.withOffsetSameInstant(ZoneOffset.UTC).getYear();
        if (year < 0 || year > 9999) {
            throw new DateTimeException("The year has four digits");
        }
        return time;
    }

    public static @Nullable String rfc3339(@Nullable OffsetDateTime time) {
        return time == null ? null : rfc3339(time.toInstant());
    }

    public static String rfc3339(Instant time) {
        // Whoever asks for a year of five digits or before 1970 gets it written all the same.
        return time.getEpochSecond() < 0 || time.getEpochSecond() > LAST_MILLIS / 1_000
                ? FORMAT.format(time)
                : written(time.toEpochMilli());
    }

    /** @return null where the number, ms since the epoch, is no date that can be written */
    public static @Nullable String rfc3339(@Nullable Long epochMillis) {
        return epochMillis == null || epochMillis < 0 || epochMillis > LAST_MILLIS ? null : written(epochMillis);
    }

    private static String written(long epochMillis) {
        var date = LocalDate.ofEpochDay(epochMillis / DAY_MILLIS);
        int ofDay = (int) (epochMillis % DAY_MILLIS);
        var text = PATTERN.toCharArray();
        put(text, 3, date.getYear());
        put(text, 6, date.getMonthValue());
        put(text, 9, date.getDayOfMonth());
        put(text, 12, ofDay / 3_600_000);
        put(text, 15, ofDay / 60_000 % 60);
        put(text, 18, ofDay / 1_000 % 60);
        put(text, 22, ofDay % 1_000);
        return new String(text);
    }

    /** @param last place of the last digit */
    private static void put(char[] text, int last, int number) {
        for (int at = last, rest = number; rest > 0; at--, rest /= 10) {
            text[at] = (char) ('0' + rest % 10);
        }
    }
}
