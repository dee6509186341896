package dev.redrive.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventuallyTest {

    @Test
    void triesUntilTheValueIsThere() {
        var tries = new AtomicInteger();
        var third = Eventually.value(
                Duration.ofSeconds(5),
                "the third try",
                () -> Optional.of(tries.incrementAndGet()).filter(number -> number == 3));
        assertThat(third).isEqualTo(3);
    }

    @Test
    void saysWhatItWaitedForAndWhyNot() {
        assertThatThrownBy(() -> Eventually.until(Duration.ofMillis(30), "rain", () -> {
                    throw new IllegalStateException("no cloud");
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("30 ms", "rain", "no cloud");
    }

    @Test
    void namesTheLineWithoutAnExpectation() {
        assertThatThrownBy(() -> Eventually.until(Duration.ofMillis(1), () -> false))
                .hasMessageContaining("EventuallyTest.java:");
    }
}
