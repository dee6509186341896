package dev.redrive.cluster;

import static dev.redrive.cluster.TopicWatchDesk.PATIENCE;
import static dev.redrive.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What can be lost of a dead-letter topic before it is read, on a real broker. */
class TopicWatchTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private static long minutesAgo(int minutes) {
        return System.currentTimeMillis() - Duration.ofMinutes(minutes).toMillis();
    }

    @Test
    @DisplayName("A-16: unread letters with less than half of their retention left are told of before they are lost")
    void tellsOfUnreadLettersBeforeTheyExpire() throws Exception {
        var kept = Map.of("retention.ms", Long.toString(HOUR.toMillis()));
        try (var desk = new TopicWatchDesk(1, kept)) {
            desk.position(0, 0);
            desk.produce(0, minutesAgo(20), "young");
            desk.watch();
            until(PATIENCE, () -> desk.number("SELECT count(*) FROM topic_expiry WHERE time_headroom > 60") == 1);
            assertThat(desk.told()).isEmpty();
            desk.sql("UPDATE ingest_position SET next_offset = 1");
            desk.produce(0, minutesAgo(40), "old");
            until(PATIENCE, () -> desk.told().size() == 1);
            var told = desk.told().get(0);
            assertThat(told.getString("event")).isEqualTo("redrive.alert.firing");
            assertThat(told.getString("title"))
                    .isEqualTo("Unread letters of " + desk.topic + " will expire: 33 % of retention.ms are left");
            assertThat(told.getLong("lag")).isEqualTo(1);
            var shown = desk.api.json("/api/v1/topics/" + desk.topic).getJsonObject("expiry");
            assertThat(shown.getInteger("headroomPercent")).isEqualTo(33);
            var shape = desk.api.json("/api/v1/topics/" + desk.topic).getJsonObject("shape");
            assertThat(shape.getInteger("partitions")).isEqualTo(1);
            assertThat(shape.getInteger("replicationFactor")).isEqualTo(1);
            assertThat(shape.getLong("retentionMs")).isEqualTo(HOUR.toMillis());
            assertThat(shape.getLong("retentionBytes")).isEqualTo(-1);
            assertThat(shape.getString("cleanupPolicy")).isEqualTo("delete");

            desk.read();
            until(PATIENCE, () -> desk.told().size() == 2);
            assertThat(desk.told().get(1).getString("event")).isEqualTo("redrive.alert.resolved");
            assertThat(desk.letters()).isEqualTo(1);
            assertThat(desk.api.json("/api/v1/topics/" + desk.topic).getValue("expiry"))
                    .isNull();
        }
    }

    @Test
    @DisplayName(
            "F-14: another application's hanging transaction is named with partition and producer, and others flow")
    void namesATransactionThatHoldsLettersBack() throws Exception {
        try (var desk = new TopicWatchDesk(2, Map.of());
                var producer = new KafkaProducer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                desk.broker.bootstrapServers(),
                                "transactional.id",
                                "other-app-" + desk.origin),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            desk.read();
            desk.watch();
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(desk.topic, 0, null, new byte[] {1}));
            producer.flush();
            for (int i = 0; i < 3; i++) {
                desk.produce(0, System.currentTimeMillis(), "held" + i);
                desk.produce(1, System.currentTimeMillis(), "flows" + i);
            }
            until(PATIENCE, () -> desk.told().size() == 1);
            var told = desk.told().get(0);
            assertThat(told.getInteger("partition")).isZero();
            var open = told.getJsonArray("transactions").getJsonObject(0);
            assertThat(open.getString("transactionalId")).isEqualTo("other-app-" + desk.origin);
            assertThat(told.getString("title")).endsWith("begun by producer " + open.getString("producerId"));
            assertThat(told.getJsonArray("commands").getString(1)).endsWith("--partition 0 --start-offset 0");
            until(PATIENCE, () -> desk.letters() == 3);

            // It does not end because somebody else looks: who begins anew knows since when it rests.
            desk.watchElsewhere();
            assertThat(desk.number("SELECT count(*) FROM topic_episode")).isEqualTo(1);
            assertThat(desk.told()).hasSize(1);

            producer.abortTransaction();
            until(PATIENCE, () -> desk.told().size() == 2);
            assertThat(desk.told().get(1).getString("event")).isEqualTo("redrive.alert.resolved");
            until(PATIENCE, () -> desk.letters() == 6);
        }
    }

    @Test
    @DisplayName("What was found of a topic that is gone is not told for ever")
    void forgetsWhatItFoundOfATopicThatIsGone() throws Exception {
        try (var desk = new TopicWatchDesk(1, Map.of())) {
            desk.position(0, 0);
            desk.watch();
            until(PATIENCE, () -> desk.number("SELECT count(*) FROM topic_readiness") == 1);
            desk.broker.topics().deleteTopic(desk.topic);
            until(PATIENCE, () -> desk.number("SELECT count(*) FROM topic_readiness") == 0);
        }
    }

    @Test
    @DisplayName("What is read again of a topic that is gone is held with the reason, until somebody cancels it")
    void holdsTheReReadOfATopicThatIsGone() throws Exception {
        try (var desk = new TopicWatchDesk(1, Map.of())) {
            desk.read();
            desk.produce(0, 1_000, "one");
            until(PATIENCE, () -> desk.number("SELECT coalesce(max(next_offset), 0) FROM ingest_position") == 1);
            desk.stopReading();
            var from =
                    new JsonObject().put("reason", "INC-7").put("partition", 0).put("fromOffset", "0");
            var ordered = desk.post("/api/v1/topics/" + desk.topic + "/rewinds", from);
            assertThat(ordered.statusCode()).isEqualTo(202);
            var job = "/api/v1/jobs/" + ordered.bodyAsJsonObject().getString("id");
            desk.watch();
            try (var working = desk.work()) {
                assertThat(working).isNotNull();
                desk.broker.topics().deleteTopic(desk.topic);
                until(PATIENCE, () -> desk.api.json(job).getString("state").equals("paused"));
                assertThat(desk.api.json(job).getString("stateReason"))
                        .contains(desk.topic + " does not exist any more");
                desk.api.post(job + "/cancellations", new JsonObject());
                until(PATIENCE, () -> desk.number("SELECT count(*) FROM rewind_job WHERE ended_at IS NULL") == 0);
            }
        }
    }

    @Test
    @DisplayName("L-13: records that expire before ingest leave an exact gap and an alert, and ingest goes on")
    void namesExactlyWhatExpiredUnread() throws Exception {
        try (var desk = new TopicWatchDesk(1, Map.of())) {
            desk.read();
            for (int i = 0; i < 3; i++) {
                desk.produce(0, minutesAgo(40), "read" + i);
            }
            until(PATIENCE, () -> desk.letters() == 3);
            desk.stopReading();
            for (int i = 0; i < 4; i++) {
                desk.produce(0, minutesAgo(40), "late" + i);
            }
            desk.keepFor(Duration.ofMinutes(10));
            until(PATIENCE, "Kafka to delete", () -> desk.start(0) == 7);
            desk.produce(0, System.currentTimeMillis(), "young");
            desk.read();
            until(PATIENCE, () -> desk.letters() == 4);
            var gap = desk.api.json("/api/v1/gaps").getJsonArray("items").getJsonObject(0);
            assertThat(gap.getString("fromOffset")).isEqualTo("3");
            assertThat(gap.getString("toOffset")).isEqualTo("7");
            assertThat(gap.getString("cause")).isEqualTo("retention");
            assertThat(desk.told()).singleElement().satisfies(told -> {
                assertThat(told.getString("event")).isEqualTo("redrive.ingest.gap");
                assertThat(told.getString("title"))
                        .isEqualTo("Offsets 3 to 6 of " + desk.topic + ", partition 0 cannot be read any more");
            });
        }
    }

    @Test
    void tellsOfReadinessThatIsLostAndNotOfOneThatNeverWas() throws Exception {
        try (var desk = new TopicWatchDesk(1, Map.of())) {
            desk.sql("UPDATE alert_rule SET enabled = true WHERE condition = 'topic-unready'");
            desk.position(0, 0);
            desk.watch();
            until(PATIENCE, () -> desk.number("SELECT count(*) FROM topic_readiness") == 1);
            assertThat(desk.told()).isEmpty();
            // As if it had been ready; a broker alone has one copy, which is a failure for ever.
            desk.sql("UPDATE topic_readiness SET ready = true");
            until(PATIENCE, () -> desk.told().size() == 1);
            assertThat(desk.told().get(0).getString("event")).isEqualTo("redrive.topic.unready");
            assertThat(desk.told().get(0).getJsonArray("failing")).contains("replication");
        }
    }

    @Test
    void takesAPauseForNoLossOfReadinessAndTellsARuleThatIsSwitchedOnLate() throws Exception {
        try (var desk = new TopicWatchDesk(1, Map.of())) {
            desk.position(0, 0);
            desk.sql("INSERT INTO topic_setting (cluster_id, name, paused_at, paused_by) SELECT id, '" + desk.topic
                    + "', now(), 'ops' FROM cluster");
            desk.watch();
            until(
                    PATIENCE,
                    () -> desk.number("SELECT count(*) FROM topic_readiness WHERE 'ingest' = ANY (failing)") == 1);
            desk.sql("UPDATE topic_readiness SET ready = true");
            until(PATIENCE, () -> desk.number("SELECT count(*) FROM topic_episode WHERE kind = 'unready'") == 1);
            assertThat(desk.told()).isEmpty();

            desk.sql("UPDATE alert_rule SET enabled = true WHERE condition = 'topic-unready'");
            until(PATIENCE, () -> desk.told().size() == 1);
            assertThat(desk.told().get(0).getJsonArray("failing"))
                    .contains("replication")
                    .doesNotContain("ingest");
        }
    }

    @Test
    void nothingOfATopicStaysOpenThatIsNotReadAnyMoreOrIsGone() throws Exception {
        var kept = Map.of("retention.ms", Long.toString(HOUR.toMillis()));
        try (var desk = new TopicWatchDesk(1, kept)) {
            desk.sql("UPDATE alert_rule SET enabled = true WHERE condition = 'topic-unready'");
            desk.position(0, 0);
            desk.produce(0, minutesAgo(40), "old");
            desk.watch();
            until(PATIENCE, () -> desk.number("SELECT count(*) FROM topic_readiness") == 1);
            desk.sql("UPDATE topic_readiness SET ready = true");
            until(PATIENCE, () -> desk.told().size() == 2);

            var path = "/api/v1/topics/" + desk.topic + "/readings";
            var because = new JsonObject().put("reason", "INC-7");
            desk.post(path, because.copy().put("decision", "exclude"));
            until(PATIENCE, () -> desk.told().size() == 4);
            assertThat(desk.told().subList(2, 4)).allSatisfy(told -> {
                assertThat(told.getString("event")).isEqualTo("redrive.alert.resolved");
                assertThat(told.getString("title")).startsWith("Over: ").endsWith("It is not read any more.");
            });
            assertThat(desk.number("SELECT count(*) FROM topic_episode WHERE ended_because = 'not-read'"))
                    .isEqualTo(2);

            desk.post(path, because.copy().put("decision", "by-name"));
            until(PATIENCE, () -> desk.number("SELECT count(*) FROM topic_episode WHERE resolved_at IS NULL") == 1);
            desk.broker.admin().deleteTopics(List.of(desk.topic)).all().get(10, TimeUnit.SECONDS);
            until(PATIENCE, () -> desk.number("SELECT count(*) FROM topic_episode WHERE ended_because = 'gone'") == 1);
        }
    }
}
