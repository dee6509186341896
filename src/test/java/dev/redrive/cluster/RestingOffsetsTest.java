package dev.redrive.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RestingOffsetsTest {

    private static final Instant NOW = Instant.parse("2026-11-23T03:00:00Z");
    private static final TopicPartition PLACE = new TopicPartition("orders-dlt", 2);
    private final RestingOffsets offsets = new RestingOffsets(Duration.ofSeconds(90));

    private List<TopicPartition> look(long stable, long end, int seconds) {
        var log = new TopicLook.Log(0, stable, end, 0);
        return offsets.look(
                new TopicLook(Map.of(PLACE, log), Set.of(), Set.of(), Map.of(), Map.of()), NOW.plusSeconds(seconds));
    }

    private List<TopicPartition> silence(int seconds) {
        return offsets.look(
                new TopicLook(Map.of(), Set.of(PLACE), Set.of(), Map.of(), Map.of()), NOW.plusSeconds(seconds));
    }

    @Test
    void whatRestsForTooLongIsHeldBackUntilItMoves() {
        assertThat(look(5, 9, 0)).isEmpty();
        assertThat(look(5, 12, 89)).isEmpty();
        assertThat(look(5, 12, 90)).containsExactly(PLACE);
        assertThat(offsets.since(PLACE)).isEqualTo(NOW);
        assertThat(look(12, 14, 120)).isEmpty();
        assertThat(look(14, 14, 300)).isEmpty();
        assertThat(look(14, 15, 330)).isEmpty();
    }

    @Test
    void aPartitionThatDoesNotAnswerOnceRestsOn() {
        look(5, 9, 0);
        assertThat(silence(60)).isEmpty();
        assertThat(look(5, 9, 90)).containsExactly(PLACE);
        assertThat(silence(120)).isEmpty();
        assertThat(look(5, 9, 150)).containsExactly(PLACE);
    }

    @Test
    void whoBeginsAnewGoesOnWithWhatWasFoundBefore() {
        offsets.recall(Map.of(PLACE, new RestingOffsets.Rest(5, NOW.minusSeconds(600))));
        assertThat(look(5, 9, 0)).containsExactly(PLACE);
        var moved = new RestingOffsets(Duration.ofSeconds(90));
        moved.recall(Map.of(PLACE, new RestingOffsets.Rest(4, NOW.minusSeconds(600))));
        var log = new TopicLook.Log(0, 5, 9, 0);
        assertThat(moved.look(new TopicLook(Map.of(PLACE, log), Set.of(), Set.of(), Map.of(), Map.of()), NOW))
                .isEmpty();
    }

    @Test
    void ofWhatIsNotReadAnyMoreNothingIsKept() {
        look(5, 9, 0);
        offsets.look(new TopicLook(Map.of(), Set.of(), Set.of(), Map.of(), Map.of()), NOW.plusSeconds(30));
        assertThat(look(5, 9, 90)).isEmpty();
    }
}
