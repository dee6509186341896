package dev.redrive.cluster;

import static dev.redrive.cluster.TopicWatchDesk.PATIENCE;
import static dev.redrive.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What operators decide about the reading of topics, with an ingest that follows. */
class ReadingTest {

    private static JsonObject because() {
        return new JsonObject().put("reason", "INC-7");
    }

    @Test
    void whatIsReadAgainIsStoredOnceAndPurgedLettersDoNotComeBack() throws Exception {
        try (var desk = new TopicWatchDesk(2, Map.of())) {
            desk.read();
            for (int i = 0; i < 4; i++) {
                desk.produce(0, 1_000L * i, "v" + i);
            }
            until(PATIENCE, () -> desk.letters() == 4);
            desk.sql("UPDATE letter_state SET status = 'purged' WHERE letter_id = (SELECT min(id) FROM dead_letter)");
            var path = "/api/v1/topics/" + desk.topic + "/rewinds";

            var plan = desk.post(
                    path, because().put("partition", 0).put("fromOffset", "1").put("dryRun", true));
            assertThat(plan.bodyAsJsonObject().getLong("records")).isEqualTo(3);
            var done = desk.post(path, because().put("partition", 0).put("fromOffset", "0"));
            assertThat(done.statusCode()).as(done.bodyAsString()).isEqualTo(200);
            until(PATIENCE, () -> desk.duplicates() == 4);
            assertThat(desk.letters()).isEqualTo(4);
            assertThat(desk.number("SELECT count(*) FROM letter_state WHERE status = 'purged'"))
                    .isEqualTo(1);
            assertThat(desk.number("SELECT max(next_offset) FROM ingest_position"))
                    .isEqualTo(4);
            assertThat(desk.number("SELECT count(*) FROM audit_event WHERE action = 'topic-rewound'"))
                    .isEqualTo(1);

            desk.post(
                    path, because().put("fromTime", Instant.ofEpochMilli(1_500).toString()));
            until(PATIENCE, () -> desk.duplicates() == 6);
            var nothing = desk.post(path, because().put("partition", 0).put("fromOffset", "4"));
            assertThat(nothing.statusCode()).isEqualTo(422);
            assertThat(desk.post(path, because()).statusCode()).isEqualTo(400);
            assertThat(desk.post(path, because().put("fromTime", "+999999999-01-01T00:00:00Z"))
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void whoeverOwnsAPartitionReadsItAgainOnce() throws Exception {
        try (var desk = new TopicWatchDesk(2, Map.of())) {
            desk.read();
            desk.read();
            until(PATIENCE, "one partition each", () -> desk.shares().equals(List.of(1, 1)));
            for (int i = 0; i < 6; i++) {
                desk.produce(i % 2, 1_000L * i, "v" + i);
            }
            until(PATIENCE, () -> desk.letters() == 6);
            var path = "/api/v1/topics/" + desk.topic + "/rewinds";
            for (int partition = 0; partition < 2; partition++) {
                var done = desk.post(path, because().put("partition", partition).put("fromOffset", "1"));
                assertThat(done.statusCode()).as(done.bodyAsString()).isEqualTo(200);
            }
            until(PATIENCE, () -> desk.duplicates() == 4);

            // What comes behind it is stored behind it, so by then nothing is read a second time.
            desk.produce(0, 9_000, "next");
            desk.produce(1, 9_000, "next");
            until(PATIENCE, () -> desk.letters() == 8);
            assertThat(desk.duplicates()).isEqualTo(4);
            assertThat(desk.number("SELECT sum(next_offset)::bigint FROM ingest_position"))
                    .isEqualTo(8);
            assertThat(desk.number("SELECT count(*) FROM audit_event WHERE action = 'topic-rewound'"))
                    .isEqualTo(2);
        }
    }

    @Test
    void aTopicIsReadOrNotAsSomebodyDecidedWhateverItsName() throws Exception {
        try (var desk = new TopicWatchDesk(1, Map.of())) {
            var plain = desk.origin + ".parcels";
            desk.broker.topics().createTopic(plain, 1);
            desk.broker.topics().produce(plain, "k".getBytes(), "lost".getBytes());
            desk.read();
            desk.produce(0, System.currentTimeMillis(), "one");
            until(PATIENCE, () -> desk.letters() == 1);

            var included =
                    desk.post("/api/v1/topics/" + plain + "/readings", because().put("decision", "include"));
            assertThat(included.statusCode()).as(included.bodyAsString()).isEqualTo(200);
            until(PATIENCE, () -> desk.letters() == 2);

            var path = "/api/v1/topics/" + desk.topic + "/readings";
            desk.post(path, because().put("decision", "exclude"));
            // One of them may be on its way; two that stay away while the other topic is read are left unread.
            var produced = new AtomicInteger();
            until(PATIENCE, () -> {
                produced.incrementAndGet();
                desk.produce(0, System.currentTimeMillis(), "unread");
                long before = values(desk, "lost");
                desk.broker.topics().produce(plain, "k".getBytes(), "lost".getBytes());
                until(PATIENCE, () -> values(desk, "lost") > before);
                return produced.get() - values(desk, "unread") >= 2;
            });
            assertThat(desk.api
                            .json("/api/v1/topics/" + desk.topic)
                            .getJsonObject("reading")
                            .getString("decision"))
                    .isEqualTo("exclude");
            desk.post(path, because().put("decision", "by-name"));
            until(PATIENCE, () -> values(desk, "unread") == produced.get());
            assertThat(desk.api.json("/api/v1/topics/" + desk.topic).getValue("reading"))
                    .isNull();
            assertThat(desk.number("SELECT count(*) FROM audit_event WHERE action = 'reading-decided'"))
                    .isEqualTo(3);
        }
    }

    private static long values(TopicWatchDesk desk, String value) throws Exception {
        return desk.number("SELECT count(*) FROM dead_letter WHERE value = '" + value + "'");
    }

    @Test
    void whatTheSettingsExcludeIsNotIncludedOnTheDesk() throws Exception {
        try (var desk = new TopicWatchDesk(1, Map.of())) {
            var refused = desk.post(
                    "/api/v1/topics/somebody-elses/readings", because().put("decision", "include"));
            assertThat(refused.statusCode()).isEqualTo(422);
            var absent = desk.post(
                    "/api/v1/topics/" + desk.origin + ".absent/readings",
                    because().put("decision", "include"));
            assertThat(absent.statusCode()).isEqualTo(404);
        }
    }
}
