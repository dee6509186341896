package dev.redrive.http;

import java.time.DateTimeException;
import java.time.Instant;
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
        return time == null ? null : FORMAT.format(time);
    }

    public static String rfc3339(Instant time) {
        return FORMAT.format(time);
    }

    /** @return null where the number, ms since the epoch, is no date that can be written */
    public static @Nullable String rfc3339(@Nullable Long epochMillis) {
        return epochMillis == null || epochMillis < 0 || epochMillis > LAST_MILLIS
                ? null
                : FORMAT.format(Instant.ofEpochMilli(epochMillis));
    }
}
