package dev.redrive.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.redrive.letter.Failure;
import dev.redrive.letter.LetterContent;
import dev.redrive.letter.Origin;
import dev.redrive.letter.Payload;
import dev.redrive.letter.Reading;
import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.Vectors;
import dev.redrive.testkit.Vectors.Vector;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What was read from a letter must be what the columns say, for each framework's real dead letters. */
class StoredVectorsTest {

    /** Of its own, because the topics must have exactly the names of the vectors. */
    private final Broker broker = Broker.own();

    private final Rig rig = new Rig(broker.bootstrapServers(), Postgres.shared().freshDatabase()).withoutPrefix();

    @AfterEach
    void close() {
        rig.close();
        broker.close();
    }

    @Test
    void findsByItselfTheTopicsOfAllVectorsThatAreDeadLettersAndStoresWhatTheySay() {
        assertThat(Vectors.all()).hasSize(101);
        var all = Stream.concat(Vectors.all().stream(), Vectors.more().stream())
                .filter(vector -> !vector.dlqTopic().startsWith("__"))
                .toList();
        all.stream()
                .flatMap(vector -> Stream.concat(Stream.of(vector.dlqTopic()), vector.topics().stream()))
                .distinct()
                .forEach(name -> broker.topics().createTopic(name, 1));
        broker.topics().produceAll(all.stream().map(this::record).toList());
        var vectors = all.stream().filter(Vector::isDeadLetter).toList();
        rig.start().awaitLetters(vectors.size());
        assertThat(rig.sql("SELECT name FROM dead_letter_topic").stream().map(row -> row.getString(0)))
                .containsExactlyInAnyOrderElementsOf(
                        vectors.stream().map(Vector::dlqTopic).collect(Collectors.toSet()));
        var read = new HashMap<String, Integer>();
        for (var vector : vectors) {
            int offset = read.merge(vector.dlqTopic(), 1, Integer::sum) - 1;
            var topic = vector.dlqTopic();
            var row = rig.sql("""
                    SELECT d.* FROM dead_letter d JOIN dead_letter_topic t ON t.id = d.topic_ref
                    WHERE t.name = '%s' AND d.kafka_offset = %d""".formatted(topic, offset)).get(0);
            assertThatCode(() -> Vectors.assertReading(
                            vector, reading(row, rig.contents(topic).get(offset))))
                    .as(vector.id())
                    .doesNotThrowAnyException();
        }
    }

    private ProducerRecord<byte[], byte[]> record(Vector vector) {
        var content = vector.content();
        var record = new ProducerRecord<>(
                vector.dlqTopic(), 0, vector.recordTimestamp(), bytes(content.key()), bytes(content.value()));
        content.headers().forEach(each -> record.headers().add(each.name(), bytes(each.value())));
        return record;
    }

    private static byte @Nullable [] bytes(@Nullable Buffer buffer) {
        return buffer == null ? null : buffer.getBytes();
    }

    private static Reading reading(Row row, LetterContent content) {
        var trace = content.stackTrace();
        return new Reading(
                row.getString("convention"),
                new Origin(
                        row.getString("origin_topic"),
                        row.getInteger("origin_partition"),
                        row.getLong("origin_offset"),
                        row.getLong("origin_timestamp"),
                        row.getString("origin_group"),
                        row.getString("origin_inferred_from")),
                new Failure(
                        row.getString("exception_class"),
                        row.getString("cause_class"),
                        row.getString("message"),
                        trace == null ? null : trace.toString(StandardCharsets.UTF_8),
                        row.getInteger("attempts")),
                hop((JsonObject) row.getJson("latest")),
                Payload.valueOf(row.getString("payload").toUpperCase(Locale.ROOT)),
                row.getBoolean("replayable"),
                List.of(row.getArrayOfStrings("replay_drops")),
                content.unwrapped(),
                details((JsonObject) row.getJson("details")));
    }

    private static Reading.@Nullable Hop hop(@Nullable JsonObject json) {
        return json == null
                ? null
                : new Reading.Hop(
                        json.getString("topic"),
                        json.getInteger("partition"),
                        json.getLong("offset"),
                        json.getString("consumerGroup"));
    }

    private static Map<String, String> details(@Nullable JsonObject json) {
        var details = new HashMap<String, String>();
        Stream.ofNullable(json)
                .flatMap(JsonObject::stream)
                .forEach(each -> details.put(each.getKey(), String.valueOf(each.getValue())));
        return details;
    }
}
