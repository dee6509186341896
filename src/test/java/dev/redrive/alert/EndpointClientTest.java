package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointClientTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            delimiter = '|',
            value = {
                "120 | PT2M",
                "Mon, 23 Nov 2026 10:05:00 GMT | PT5M",
                "Mon, 23 Nov 2026 09:00:00 GMT | PT0S",
                "- | PT0S",
                "soon | PT0S",
                "-5 | PT0S",
                "99999999999999999999 | PT0S"
            })
    void readsRetryAfterAsSecondsOrADate(@Nullable String header, Duration asked) {
        assertThat(EndpointClient.retryAfter(header, NOW)).isEqualTo(asked);
    }
}
