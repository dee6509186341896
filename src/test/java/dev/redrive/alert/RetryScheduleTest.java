package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {

    private final RetrySchedule schedule = RetrySchedule.standard(new Random(1));

    @Test
    void neverWaitsLessThanItsStepAndAtMostAFifthMore() {
        var seen = new HashSet<Duration>();
        for (int i = 0; i < 200; i++) {
            var wait = schedule.after(3, Duration.ZERO).orElseThrow();
            assertThat(wait).isBetween(Duration.ofSeconds(120), Duration.ofSeconds(144));
            seen.add(wait);
        }
        assertThat(seen).hasSizeGreaterThan(100);
    }

    @Test
    void waitsLongerWhereTheReceiverAsksForItButNotForEver() {
        assertThat(schedule.after(1, Duration.ofSeconds(120))).contains(Duration.ofSeconds(120));
        assertThat(schedule.after(1, Duration.ofDays(400))).contains(Duration.ofHours(24));
    }

    @Test
    void endsAfterNineAttempts() {
        assertThat(schedule.after(8, Duration.ZERO)).isPresent();
        assertThat(schedule.after(9, Duration.ofSeconds(1))).isEmpty();
    }
}
