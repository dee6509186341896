package dev.redrive.ingest;

import dev.redrive.ingest.Binding.State;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions that rest. One whose position in Postgres went back is gone back in: somebody asked for it to be read again.
 * While letters come in, the next write finds out by itself ({@link PositionStore#move}). One at whose end Kafka has
 * nothing but control records and aborted ones is to be passed all the same, because a job waits for its position. Lives
 * on the event loop of its ingest verticle.
 */
final class Rewinds {

    private static final Logger log = LoggerFactory.getLogger(Rewinds.class);

    private final TopicList topics;
    private final Opening opening;
    private final Bindings bindings;
    private Map<TopicPartition, Long> seen = Map.of();
    private Map<TopicPartition, Long> passed = Map.of();

    Rewinds(TopicList topics, Opening opening, Bindings bindings) {
        this.topics = topics;
        this.opening = opening;
        this.bindings = bindings;
    }

    /** To be called while nothing is being written. Each look of the discovery is followed once. */
    Future<Void> follow() {
        var positions = topics.positions();
        if (positions == seen) {
            return Future.succeededFuture();
        }
        seen = positions;
        Future<Void> followed = Future.succeededFuture();
        for (var binding : resting(positions)) {
            followed = followed.compose(done -> follow(binding));
        }
        return followed;
    }

    /** @return those that are further than their position says, without a letter to store; once for each look */
    List<Binding> passed() {
        var positions = topics.positions();
        if (positions == passed) {
            return List.of();
        }
        passed = positions;
        return bindings.in(State.READING).stream()
                .filter(binding -> binding.unstored() == 0 && binding.taken() > binding.stored())
                .toList();
    }

    private List<Binding> resting(Map<TopicPartition, Long> positions) {
        return bindings.in(State.READING).stream()
                .filter(binding -> binding.unstored() == 0
                        && positions.getOrDefault(binding.partition(), Long.MAX_VALUE) < binding.stored())
                .toList();
    }

    /** What the discovery saw may be old by now, and then our own writes have moved it. */
    private Future<Void> follow(Binding binding) {
        return opening.position(binding).map(found -> {
            found.filter(stored -> stored.next() < binding.stored() && bindings.isCurrent(binding))
                    .ifPresent(stored -> {
                        log.info("Reading {} again from {}", binding.partition(), stored.next());
                        binding.restartAt(stored.next(), stored.epoch());
                    });
            return null;
        });
    }
}
