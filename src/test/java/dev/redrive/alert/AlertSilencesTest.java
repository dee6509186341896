package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who is not told, and until when. */
class AlertSilencesTest {

    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

    private RuleDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new RuleDesk();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    @Test
    @DisplayName(
            "A-10: a silence keeps back what it fits and no more, says so, and what still holds at its end is told")
    void aSilenceKeepsBackAndLetsGo() throws Exception {
        var until = desk.now().plus(Duration.ofHours(1)).toString();
        var silence = desk.make(
                "/api/v1/silences",
                new JsonObject()
                        .put("query", "topic:orders-* severity:critical -topic:orders-eu-dlt")
                        .put("until", until)
                        .put("reason", "planned work"));
        assertThat(silence.statusCode()).as(silence.bodyAsString()).isEqualTo(201);
        var id = silence.bodyAsJsonObject().getString("id");
        desk.tell(desk.expiry("orders-dlt"), desk.expiry("orders-eu-dlt"));
        desk.lookFor(Duration.ofMinutes(10), TEN_SECONDS);
        assertThat(desk.told())
                .extracting(event -> event.getJsonObject("subject").getString("topic"))
                .containsExactly("orders-eu-dlt");
        assertThat(desk.outbox("suppressed"))
                .singleElement()
                .satisfies(kept -> assertThat(kept.getString("suppressedBy"))
                        .startsWith("silence " + id + ": Silence of ")
                        .endsWith("planned work"));
        var suppressed = desk.api.json("/api/v1/alerts?state=firing").getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(alert -> alert.getJsonObject("suppressedBy") != null)
                .toList();
        assertThat(suppressed).singleElement().satisfies(alert -> {
            assertThat(alert.getJsonObject("suppressedBy").getString("id")).isEqualTo(id);
            assertThat(alert.getValue("lastNotifiedAt")).isNull();
        });
        assertThat(desk.api
                        .json("/api/v1/silences")
                        .getJsonArray("items")
                        .getJsonObject(0)
                        .getInteger("matches"))
                .isEqualTo(1);

        desk.lookFor(Duration.ofHours(1), Duration.ofMinutes(5));
        assertThat(desk.told())
                .extracting(event -> event.getJsonObject("subject").getString("topic"))
                .containsExactly("orders-eu-dlt", "orders-dlt");
    }

    @Test
    @DisplayName("A-11: a cluster that does not answer is one page; its topics are kept back and say why")
    void aClusterThatIsAwayInhibitsItsTopics() throws Exception {
        desk.sql("INSERT INTO cluster_watch (cluster_id, failing_since) SELECT id, '" + desk.now() + "' FROM cluster");
        desk.tell(desk.expiry("a-dlt"), desk.expiry("b-dlt"), desk.expiry("c-dlt"));
        desk.lookFor(Duration.ofMinutes(10), TEN_SECONDS);
        assertThat(desk.told())
                .singleElement()
                .satisfies(page -> assertThat(page.getString("title")).isEqualTo("Cluster main does not answer"));
        assertThat(desk.outbox("suppressed"))
                .hasSize(3)
                .allMatch(kept -> kept.getString("suppressedBy").startsWith("inhibition "));
        desk.deliver();
        desk.sql("UPDATE cluster_watch SET failing_since = NULL, measured_at = now()");
        desk.lookFor(Duration.ofMinutes(12), TEN_SECONDS);
        assertThat(desk.told())
                .extracting(event -> event.getString("title"))
                .containsExactlyInAnyOrder(
                        "Cluster main does not answer",
                        "Over: Cluster main does not answer",
                        "3 topics are about to lose letters");
    }

    @Test
    void whatStillFiresIsToldAgainUntilSomebodyLooksAfterIt() throws Exception {
        desk.tell(desk.expiry("orders-dlt"));
        desk.lookFor(Duration.ofHours(9), Duration.ofMinutes(10));
        assertThat(desk.told())
                .hasSize(3)
                .extracting(event -> event.getString("webhookId"))
                .doesNotHaveDuplicates();
        assertThat(desk.told())
                .extracting(event -> event.getString("episode"))
                .containsOnly(desk.told().get(0).getString("episode"));
        var id = desk.told().get(0).getString("alertId");
        var answer = desk.api.post("/api/v1/alerts/" + id + "/acknowledgements", new JsonObject().put("note", "on it"));
        assertThat(answer.bodyAsJsonObject().getJsonObject("suppressedBy").getString("kind"))
                .isEqualTo("acknowledgement");
        desk.lookFor(Duration.ofHours(9), Duration.ofMinutes(10));
        assertThat(desk.told()).hasSize(3);
        desk.tell(desk.expiryOver("orders-dlt"));
        desk.lookFor(Duration.ofMinutes(10), TEN_SECONDS);
        assertThat(desk.events()).last().isEqualTo("redrive.alert.resolved");
        assertThat(desk.api
                        .post("/api/v1/alerts/" + id + "/acknowledgements", new JsonObject())
                        .statusCode())
                .isEqualTo(409);
    }
}
