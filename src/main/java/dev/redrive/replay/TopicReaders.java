package dev.redrive.replay;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which consumer groups read a topic, remembered for half a minute. Safe from any thread: every HTTP event loop asks it. */
final class TopicReaders {

    private static final long FRESH_NANOS = 30_000_000_000L;
    private static final int MOST_TOPICS = 200;

    private final Map<String, Known> known = new HashMap<>();

    private record Known(List<String> groups, long at) {}

    /** @return in alphabetical order; fails when Kafka does not answer */
    Future<List<String>> of(TargetCluster cluster, String topic) {
        var key = cluster.name() + '/' + topic;
        synchronized (known) {
            var before = known.get(key);
            if (before != null && System.nanoTime() - before.at() < FRESH_NANOS) {
                return Future.succeededFuture(before.groups());
            }
        }
        return new ConsumerProgress(cluster.admin()).readersOf(topic).onSuccess(groups -> {
            synchronized (known) {
                if (known.size() >= MOST_TOPICS) {
                    known.clear();
                }
                known.put(key, new Known(groups, System.nanoTime()));
            }
        });
    }
}
