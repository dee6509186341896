package dev.redrive.cluster;

import static dev.redrive.cluster.TopicWatchDesk.PATIENCE;
import static dev.redrive.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What operators decide about the reading of topics, with an ingest that follows. */
class ReadingTest {

    private static JsonObject because() {
        return new JsonObject().put("reason", "INC-7");
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
