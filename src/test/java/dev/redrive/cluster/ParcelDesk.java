package dev.redrive.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A topic of three parcels whose second cannot be delivered, and who asks to take it out of the way. */
final class ParcelDesk implements AutoCloseable {

    final WatchDesk desk = new WatchDesk();
    final String letters = desk.topic + "-dlt";

    ParcelDesk() throws Exception {
        desk.broker.topics().createTopic(letters, 1);
        // No letter ever came from there: only the name of the dead-letter topic tells that it is an origin.
        desk.sql("DELETE FROM letter_kind");
        desk.sql("UPDATE dead_letter_topic SET name = '" + letters + "'");
        desk.produce("{\"id\":\"parcel-1\",\"address\":\"here\"}");
        desk.produce("{\"id\":\"parcel-2\"}");
        desk.produce("{\"id\":\"parcel-3\",\"address\":\"there\"}");
    }

    HttpResponse<Buffer> ask(boolean dryRun, long offset, String key) throws Exception {
        var body = new JsonObject()
                .put("topic", desk.topic)
                .put("partition", 0)
                .put("offset", Long.toString(offset))
                .put("reason", "INC-7: no address")
                .put("dryRun", dryRun);
        return desk.api.post("/api/v1/consumer-groups/" + desk.group + "/quarantines", body, "Idempotency-Key", key);
    }

    static String key() {
        return UUID.randomUUID().toString();
    }

    void stands(long committed) {
        desk.member(committed).close();
    }

    /** As it is when a process dies after Kafka took the copy and before Postgres heard of it. */
    void forgetTheCopy() throws Exception {
        desk.sql("UPDATE quarantine SET dead_letter_offset = NULL, moved_at = NULL");
    }

    KafkaProducer<byte[], byte[]> producer() {
        var producer = new KafkaProducer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", desk.broker.bootstrapServers(), "transactional.id", "other-" + desk.group),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    @Override
    public void close() throws Exception {
        desk.close();
    }
}
