package dev.redrive.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class UnreadTest {

    private static final Instant NOW = Instant.parse("2026-11-23T03:00:00Z");
    private static final TopicPartition PLACE = new TopicPartition("orders-dlt", 2);
    private static final OptionalLong DAY = OptionalLong.of(Duration.ofDays(1).toMillis());

    private static Unread unread(Instant oldest, OptionalLong kept, OptionalLong most, OptionalLong bytes) {
        return Unread.of(PLACE, 5, oldest, kept, most, bytes, NOW);
    }

    @Test
    void whatRunsOutFirstIsToldOf() {
        var both = unread(NOW.minus(Duration.ofHours(6)), DAY, OptionalLong.of(1_000), OptionalLong.of(900));
        assertThat(both.timeHeadroom()).isEqualTo(75);
        assertThat(both.sizeHeadroom()).isEqualTo(10);
        assertThat(both.headroom()).isEqualTo(10);
        assertThat(both.trouble().details().getString("runsOut")).isEqualTo("retention.bytes");
    }

    @Test
    void whatNothingDeletesHasAllOfItLeftAndWhatIsOverdueNothing() {
        var free = OptionalLong.empty();
        assertThat(unread(NOW.minus(Duration.ofDays(900)), free, free, free).headroom())
                .isEqualTo(100);
        assertThat(unread(NOW.minus(Duration.ofDays(2)), DAY, free, free).headroom())
                .isZero();
        // From a producer whose clock is ahead.
        assertThat(unread(NOW.plus(Duration.ofDays(2)), DAY, free, free).headroom())
                .isEqualTo(100);
    }

    @Test
    void theSizeOfWhatIsUnreadIsItsShareOfThePartition() {
        var log = new TopicLook.Log(100, 200, 200, 150);
        var look = new TopicLook(Map.of(PLACE, log), Set.of(), Set.of(), Map.of(), Map.of(PLACE, 4_000L));
        assertThat(look.unreadBytes(PLACE)).hasValue(2_000);
        var unknown = new TopicLook(Map.of(PLACE, log), Set.of(), Set.of(), Map.of(), Map.of());
        assertThat(unknown.unreadBytes(PLACE)).isEmpty();
    }
}
