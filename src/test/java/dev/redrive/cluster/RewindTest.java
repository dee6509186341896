package dev.redrive.cluster;

import static dev.redrive.cluster.TopicWatchDesk.PATIENCE;
import static dev.redrive.testkit.Eventually.until;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A topic is read again as a job, with an ingest that follows. */
class RewindTest {

    private TopicWatchDesk desk;
    private String path;

    @BeforeEach
    void open() throws Exception {
        desk = new TopicWatchDesk(2, Map.of());
        path = "/api/v1/topics/" + desk.topic + "/rewinds";
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    private static JsonObject from(int partition, long offset) {
        return new JsonObject()
                .put("reason", "INC-7")
                .put("partition", partition)
                .put("fromOffset", Long.toString(offset));
    }

    private void read(int letters) throws Exception {
        desk.read();
        for (int i = 0; i < letters; i++) {
            desk.produce(0, 1_000L * i, "v" + i);
        }
        until(PATIENCE, () -> desk.letters() == letters && position() == letters);
    }

    private long position() throws Exception {
        return desk.number("SELECT coalesce(max(next_offset), 0) FROM ingest_position WHERE kafka_partition = 0");
    }

    private static JsonObject job(HttpResponse<Buffer> ordered) {
        assertThat(ordered.statusCode()).as(ordered.bodyAsString()).isEqualTo(202);
        return ordered.bodyAsJsonObject();
    }

    private JsonObject move(JsonObject job, String how) throws Exception {
        return job(desk.api.post("/api/v1/jobs/" + job.getString("id") + "/" + how, new JsonObject()));
    }

    private JsonObject end(JsonObject job) throws Exception {
        var answer = desk.api.get("/api/v1/jobs/" + job.getString("id"), "Prefer", "wait=15");
        return requireNonNull(answer.bodyAsJsonObject());
    }

    private static long counted(JsonObject job, String counter) {
        return job.getJsonObject("counters").getLong(counter);
    }

    private void forget(String offsets) throws Exception {
        desk.sql("DELETE FROM dead_letter WHERE kafka_partition = 0 AND kafka_offset IN (" + offsets + ")");
    }

    @Test
    void whatIsMissingIsAddedAndWhatIsKnownStaysAsItIs() throws Exception {
        read(4);
        desk.sql("UPDATE letter_state SET status = 'purged' WHERE letter_id = (SELECT min(id) FROM dead_letter)");
        forget("1, 3");
        var plan = desk.post(path, from(0, 0).put("dryRun", true)).bodyAsJsonObject();
        assertThat(plan.getLong("records")).as(plan.encode()).isEqualTo(4);
        assertThat(plan.getJsonObject("known").getLong("value")).isEqualTo(2);
        assertThat(position()).isEqualTo(4);

        var ordered = desk.api.post(path, from(0, 0), "Idempotency-Key", "one");
        var job = job(ordered);
        assertThat(ordered.getHeader("Location")).isEqualTo("/api/v1/jobs/" + job.getString("id"));
        assertThat(job.getString("type")).isEqualTo("rewind");
        assertThat(job.getJsonObject("rewind").getLong("offsets")).isEqualTo(4);
        var repeated = desk.api.post(path, from(0, 0), "Idempotency-Key", "one");
        assertThat(job(repeated).getString("id")).isEqualTo(job.getString("id"));

        try (var working = desk.work()) {
            var done = end(job);
            assertThat(working).isNotNull();
            assertThat(done.getString("state")).as(done.encode()).isEqualTo("succeeded");
            assertThat(List.of(
                            counted(done, "total"),
                            counted(done, "done"),
                            counted(done, "skipped"),
                            counted(done, "gone")))
                    .containsExactly(4L, 2L, 2L, 0L);
            var part = done.getJsonObject("rewind").getJsonArray("partitions").getJsonObject(0);
            assertThat(part.getString("reachedOffset")).isEqualTo("4");
            assertThat(part.getLong("added")).isEqualTo(2);
        }
        assertThat(desk.letters()).isEqualTo(4);
        assertThat(position()).isEqualTo(4);
        assertThat(desk.number("SELECT count(*) FROM letter_state WHERE status = 'purged'"))
                .isEqualTo(1);
        assertThat(desk.number("SELECT count(*) FROM audit_event"
                        + " WHERE action IN ('topic-rewound', 'job-created', 'job-finished')"))
                .isEqualTo(3);
    }

    @Test
    void whatCannotBeReadAgainIsRefused() throws Exception {
        read(4);
        assertThat(desk.post(path, from(0, 4)).statusCode()).isEqualTo(422);
        assertThat(desk.post(path, new JsonObject().put("reason", "INC-7")).statusCode())
                .isEqualTo(400);
        var noTime = new JsonObject().put("reason", "INC-7").put("fromTime", "+999999999-01-01T00:00:00Z");
        assertThat(desk.post(path, noTime).statusCode()).isEqualTo(400);
        assertThat(desk.api.post(path, from(0, 0)).statusCode()).isEqualTo(400);
        assertThat(desk.number("SELECT count(*) FROM job")).isZero();

        desk.stopReading();
        var first = job(desk.post(
                path,
                new JsonObject()
                        .put("reason", "INC-7")
                        .put("fromTime", Instant.ofEpochMilli(1_500).toString())));
        assertThat(position()).isEqualTo(2);
        for (var second : List.of(from(0, 0), from(0, 0).put("dryRun", true), from(1, 0))) {
            var refused = desk.post(path, second);
            assertThat(refused.statusCode()).as(refused.bodyAsString()).isEqualTo(409);
            assertThat(refused.bodyAsString()).contains(first.getString("id"));
        }
        assertThat(position()).isEqualTo(2);
        var selection = desk.api.post("/api/v1/selections", new JsonObject().put("q", ""));
        var asked = new JsonObject()
                .put("type", "rewind")
                .put("selectionId", selection.bodyAsJsonObject().getString("id"))
                .put("expectedCount", 4)
                .put("reason", "INC-7");
        assertThat(desk.post("/api/v1/jobs", asked).statusCode()).isEqualTo(400);
    }

    @Test
    void whoCancelsHalfWayLosesNothing() throws Exception {
        read(6);
        desk.stopReading();
        long epoch = desk.number("SELECT leader_epoch FROM ingest_position WHERE kafka_partition = 0");
        assertThat(epoch).isNotNegative();
        var job = job(desk.post(path, from(0, 0)));
        assertThat(position()).isZero();
        // As if ingest had come so far, which it had stored before.
        desk.sql("UPDATE ingest_position SET next_offset = 3 WHERE kafka_partition = 0");
        desk.produce(0, 9_000, "v6");
        desk.produce(0, 9_000, "v7");
        try (var working = desk.work()) {
            assertThat(move(job, "cancellations").getString("state")).isEqualTo("cancelled");
            assertThat(working).isNotNull();
            until(PATIENCE, () -> position() == 6);
            assertThat(desk.number("SELECT leader_epoch FROM ingest_position WHERE kafka_partition = 0"))
                    .isEqualTo(epoch);
            var cancelled = end(job);
            var part =
                    cancelled.getJsonObject("rewind").getJsonArray("partitions").getJsonObject(0);
            assertThat(part.getString("reachedOffset")).isEqualTo("3");
            assertThat(part.getString("phase")).isEqualTo("ended");
            double before = desk.duplicates();
            desk.read();
            until(PATIENCE, () -> desk.letters() == 8);
            assertThat(desk.duplicates()).isEqualTo(before);

            var again = end(job(desk.post(path, from(0, 2))));
            assertThat(again.getString("state")).as(again.encode()).isEqualTo("succeeded");
            assertThat(counted(again, "skipped")).isEqualTo(6);
        }
    }

    @Test
    void lettersThatComeInGoFirstWhileItIsPausedAndAnotherProcessGoesOn() throws Exception {
        read(6);
        forget("4");
        desk.stopReading();
        var job = job(desk.post(path, from(0, 0)));
        try (var first = desk.work()) {
            assertThat(first).isNotNull();
            // As if ingest had come so far.
            desk.sql("UPDATE ingest_position SET next_offset = 2 WHERE kafka_partition = 0");
            until(PATIENCE, () -> shown(job).getJsonObject("rewind").getLong("passed") == 2);
            assertThat(move(job, "pauses")
                            .getJsonObject("rewind")
                            .getJsonArray("partitions")
                            .encode())
                    .contains("resting", "\"reachedOffset\":\"2\"");
            assertThat(position()).isEqualTo(6);
        }
        desk.produce(0, 9_000, "v6");
        desk.read();
        until(PATIENCE, () -> position() == 7);
        assertThat(desk.letters()).isEqualTo(6);

        desk.read();
        move(job, "resumes");
        try (var second = desk.work()) {
            assertThat(second).isNotNull();
            var done = end(job);
            assertThat(done.getString("state")).as(done.encode()).isEqualTo("succeeded");
            assertThat(counted(done, "done")).isEqualTo(1);
            assertThat(counted(done, "skipped")).isEqualTo(3);
        }
        until(PATIENCE, () -> position() == 7);
        assertThat(desk.letters()).isEqualTo(7);
    }

    private JsonObject shown(JsonObject job) throws Exception {
        return desk.api.json("/api/v1/jobs/" + job.getString("id"));
    }

    @Test
    void whatKafkaDeletesMeanwhileIsNoGapWhereItWasReadBefore() throws Exception {
        read(6);
        desk.stopReading();
        var job = job(desk.post(path, from(0, 0)));
        var before = Map.of(new TopicPartition(desk.topic, 0), RecordsToDelete.beforeOffset(3));
        desk.broker.admin().deleteRecords(before).all().get(10, TimeUnit.SECONDS);
        desk.read();
        try (var working = desk.work()) {
            assertThat(working).isNotNull();
            var done = end(job);
            assertThat(done.getString("state")).as(done.encode()).isEqualTo("succeeded");
            assertThat(counted(done, "skipped")).isEqualTo(3);
            assertThat(counted(done, "gone")).isEqualTo(3);
        }
        assertThat(desk.number("SELECT count(*) FROM ingest_gap")).isZero();
    }

    @Test
    void nothingIsPutBackWhereTheLogWasCutOff() throws Exception {
        read(6);
        desk.stopReading();
        var job = job(desk.post(path, from(0, 0)));
        // As if the log had been longer, and what ingest had read of it is gone.
        desk.sql("UPDATE rewound_partition SET to_offset = 60, stood_at = 60");
        desk.sql("UPDATE ingest_position SET next_offset = 50 WHERE kafka_partition = 0");
        desk.read();
        until(PATIENCE, () -> desk.number("SELECT count(*) FROM ingest_gap WHERE cause = 'truncation'") == 1);
        until(PATIENCE, () -> position() == 6);
        move(job, "cancellations");
        try (var working = desk.work()) {
            assertThat(working).isNotNull();
            until(PATIENCE, () -> desk.number("SELECT count(*) FROM rewind_job WHERE ended_at IS NULL") == 0);
        }
        assertThat(position()).isEqualTo(6);
        desk.produce(0, 9_000, "next");
        until(PATIENCE, () -> desk.letters() == 7);
    }

    @Test
    void whoeverOwnsAPartitionReadsItAgainOnce() throws Exception {
        desk.read();
        desk.read();
        until(PATIENCE, "one partition each", () -> desk.shares().equals(List.of(1, 1)));
        for (int i = 0; i < 6; i++) {
            desk.produce(i % 2, 1_000L * i, "v" + i);
        }
        until(PATIENCE, () -> desk.letters() == 6);
        try (var working = desk.work()) {
            assertThat(working).isNotNull();
            var from = new JsonObject()
                    .put("reason", "INC-7")
                    .put("fromTime", Instant.ofEpochMilli(2_000).toString());
            var done = end(job(desk.post(path, from)));
            assertThat(done.getString("state")).as(done.encode()).isEqualTo("succeeded");
            assertThat(counted(done, "skipped")).isEqualTo(4);
        }
        // What comes behind it is stored behind it, so by then nothing is read a second time.
        desk.produce(0, 9_000, "next");
        desk.produce(1, 9_000, "next");
        until(PATIENCE, () -> desk.letters() == 8);
        assertThat(desk.duplicates()).isEqualTo(4);
        assertThat(desk.number("SELECT sum(next_offset)::bigint FROM ingest_position"))
                .isEqualTo(8);
    }
}
