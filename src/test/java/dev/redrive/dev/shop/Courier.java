package dev.redrive.dev.shop;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Delivers parcels with the bare Kafka client and never gives one up: what fails is tried again for ever, and whatever
 * lies behind it waits. Nobody wrote a dead letter; only its lag tells.
 */
public final class Courier implements AutoCloseable {

    /** Of the shop; a test has groups of its own. */
    static final String GROUP = "courier";

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

    private final Connection kafka;
    private final String group;
    private final String topic;
    private final Journal journal;
    private final Duration shift;
    private final Duration rest;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread loop;

    /**
     * @param shift after so long it is ended and started again, as by a supervisor that has seen enough
     * @param rest how long that takes; its group has no members meanwhile
     */
    public Courier(Connection kafka, String group, String topic, Journal journal, Duration shift, Duration rest) {
        this.kafka = kafka;
        this.group = group;
        this.topic = topic;
        this.journal = journal;
        this.shift = shift;
        this.rest = rest;
        this.loop = new Thread(this::run, group);
        loop.setDaemon(true);
        loop.start();
    }

    private void run() {
        try {
            do {
                serve();
            } while (!closed.await(rest.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve() {
        long end = System.nanoTime() + shift.toNanos();
        try (var consumer = new KafkaConsumer<String, String>(kafka.consumer(group))) {
            consumer.subscribe(List.of(topic));
            while (closed.getCount() > 0 && System.nanoTime() < end) {
                for (var record : consumer.poll(BETWEEN_TRIES)) {
                    if (!take(consumer, record)) {
                        break;
                    }
                }
            }
        }
    }

    /** @return whether the next one may be tried */
    private boolean take(KafkaConsumer<String, String> consumer, ConsumerRecord<String, String> record) {
        var place = new TopicPartition(record.topic(), record.partition());
        try {
            journal.done(GROUP, deliver(new JsonObject(record.value())));
            consumer.commitSync(Map.of(place, new OffsetAndMetadata(record.offset() + 1)));
            return true;
        } catch (RuntimeException tryAgain) {
            consumer.commitSync(Map.of(place, new OffsetAndMetadata(record.offset())));
            // What was polled of other partitions is asked for again as well.
            consumer.assignment().forEach(other -> {
                var committed = consumer.committed(Set.of(other)).get(other);
                consumer.seek(other, committed == null ? 0 : committed.offset());
            });
            return false;
        }
    }

    private static String deliver(JsonObject parcel) {
        if (parcel.getString("address") == null) {
            throw new IllegalStateException("Parcel " + parcel.getString("id") + " has no address; I wait at the lair");
        }
        return parcel.getString("id");
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            loop.join(10_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
