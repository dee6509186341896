package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimesTest {

    private static final DateTimeFormatter MEANT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    @Test
    void writesEveryTimeAsItsPatternSays() {
        var random = new Random(3);
        long last = Instant.parse("9999-12-31T23:59:59.999999999Z").getEpochSecond();
        for (int i = 0; i < 20_000; i++) {
            var time =
                    Instant.ofEpochSecond(random.nextLong(-100_000_000_000L, last + 1), random.nextInt(1_000_000_000));
            assertThat(Times.rfc3339(time)).isEqualTo(MEANT.format(time));
            assertThat(Times.rfc3339(time.atOffset(ZoneOffset.ofHours(random.nextInt(-18, 19)))))
                    .isEqualTo(MEANT.format(time));
        }
    }

    @Test
    void writesTheEndsOfWhatCanBeWritten() {
        for (var text : new String[] {
            "1970-01-01T00:00:00.000Z",
            "1969-12-31T23:59:59.999Z",
            "2024-02-29T23:59:59.999Z",
            "2026-01-01T00:00:00.001Z",
            "9999-12-31T23:59:59.999Z"
        }) {
            assertThat(Times.rfc3339(Instant.parse(text))).isEqualTo(text);
            assertThat(Times.rfc3339(Instant.parse(text).plusNanos(999_999))).isEqualTo(text);
        }
        assertThat(Times.rfc3339(253_402_300_799_999L)).isEqualTo("9999-12-31T23:59:59.999Z");
        assertThat(Times.rfc3339(253_402_300_800_000L)).isNull();
        assertThat(Times.rfc3339(-1L)).isNull();
        assertThat(Times.rfc3339(Instant.parse("9999-12-31T23:59:59.999Z").plus(1, ChronoUnit.SECONDS)))
                .isEqualTo("+10000-01-01T00:00:00.999Z");
    }
}
