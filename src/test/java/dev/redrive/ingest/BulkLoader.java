package dev.redrive.ingest;

import dev.redrive.convention.Conventions;
import dev.redrive.grouping.NewGroupListener;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Stores records as ingest does, without a broker: the same reading, the same statements, in batches of the same size.
 * Only the positions stay where they are. Not for event loops.
 */
public final class BulkLoader {

    private static final int BATCH = 500;
    private static final int IN_FLIGHT = 4;
    private static final int MAX_BODY_BYTES = 64 << 20;

    private final String cluster;
    private final IngestStore store;
    private final TopicStore topics;
    private final Intake intake;
    private final Map<String, Integer> refs = new HashMap<>();
    private final Map<TopicPartition, Binding> bindings = new HashMap<>();

    /** @param cluster its Kafka id, as {@code name} is the one of the settings */
    public BulkLoader(Pool pool, String cluster, String name) {
        this(pool, cluster, name, (connection, groups) -> Future.succeededFuture());
    }

    /** @param newGroups is told in the transactions of the letters */
    public BulkLoader(Pool pool, String cluster, String name, NewGroupListener newGroups) {
        this.cluster = cluster;
        this.store = new IngestStore(pool, newGroups, (connection, gap) -> Future.succeededFuture());
        this.topics = new TopicStore(pool);
        this.intake = new Intake(cluster, MAX_BODY_BYTES, Conventions.standard(), new TopicList(), Clock.systemUTC());
        await(topics.met(cluster, name));
    }

    /** @return when all are stored; in the order of the records within a batch, of batches in any */
    public void load(List<ConsumerRecord<byte[], byte[]>> records) {
        var writing = new ArrayList<Future<?>>();
        for (int from = 0; from < records.size(); from += BATCH) {
            var letters = new ArrayList<NewLetter>();
            for (var record : records.subList(from, Math.min(records.size(), from + BATCH))) {
                letters.add(intake.whole(Polled.of(binding(record), record)));
            }
            writing.add(store.write(letters, List.of()));
            if (writing.size() == IN_FLIGHT) {
                await(writing.remove(0));
            }
        }
        writing.forEach(BulkLoader::await);
    }

    private Binding binding(ConsumerRecord<byte[], byte[]> record) {
        var partition = new TopicPartition(record.topic(), record.partition());
        return bindings.computeIfAbsent(partition, asked -> {
            var id = topicId(record.topic());
            int ref = refs.computeIfAbsent(record.topic(), name -> await(topics.ref(cluster, name, id)));
            return new Binding(new Incarnation(cluster, partition, id, ref), 0, -1);
        });
    }

    private static UUID topicId(String topic) {
        return UUID.nameUUIDFromBytes(topic.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(60, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new IllegalStateException("Postgres does not answer", e);
        }
    }
}
