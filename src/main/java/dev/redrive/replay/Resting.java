package dev.redrive.replay;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Partitions that could not take a record for now. Until that record is tried again, nothing else goes there, or a later
 * record of its key would overtake it. Known to one owner of a lane and forgotten with it: {@code order: strict} is what
 * holds over a change of owners. Used on one event loop.
 */
final class Resting {

    /** The record is due by the database's clock, and may be claimed some time after that. */
    private static final Duration MARGIN = Duration.ofSeconds(5);

    private final Map<TopicPartition, Rest> rests = new HashMap<>();

    private record Rest(UUID first, long until) {}

    /** @param first is put off by {@link SendingStore#tryLater} */
    void begin(Outgoing first) {
        var rest = SendingStore.putOffFor(first.claim().attempt()).plus(MARGIN);
        rests.put(first.place(), new Rest(first.claim().id(), System.nanoTime() + rest.toNanos()));
    }

    /**
     * Asked in the order of the lane: the record that began a rest ends it, and waits for nobody.
     *
     * @return the replay that has to be tried before this one; null where this one may go
     */
    @Nullable
    UUID waitsFor(Outgoing one) {
        var rest = rests.get(one.place());
        if (rest == null) {
            return null;
        }
        if (rest.first().equals(one.claim().id()) || System.nanoTime() - rest.until() > 0) {
            rests.remove(one.place());
            return null;
        }
        return rest.first();
    }
}
