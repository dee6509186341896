package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SilenceRoutesTest {

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
    void aSilenceSaysWhyAndUntilWhenAndIsTriedFirst() throws Exception {
        desk.tell(desk.expiry("orders-dlt"), desk.expiry("other-dlt"));
        var preview = desk.api.post("/api/v1/silences/previews", new JsonObject().put("query", "topic:orders*"));
        assertThat(preview.bodyAsJsonObject().getInteger("total")).isEqualTo(1);
        var silence = new JsonObject()
                .put("query", "rule:\"Letters expire before they are read\"")
                .put("until", desk.now().plus(Duration.ofHours(1)).toString())
                .put("reason", "known");
        assertThat(desk.make("/api/v1/silences", silence.copy().put("reason", " "))
                        .statusCode())
                .isEqualTo(400);
        assertThat(desk.make(
                                "/api/v1/silences",
                                silence.copy()
                                        .put(
                                                "until",
                                                desk.now()
                                                        .plus(Duration.ofDays(31))
                                                        .toString()))
                        .statusCode())
                .isEqualTo(400);
        assertThat(desk.make("/api/v1/silences", silence.copy().put("from", "+999999999-12-31T00:00:00Z"))
                        .statusCode())
                .isEqualTo(400);
        assertThat(desk.make("/api/v1/silences", silence.copy().put("query", "payload.x:1"))
                        .statusCode())
                .isEqualTo(400);
        var made = desk.make("/api/v1/silences", silence);
        assertThat(made.bodyAsJsonObject().getMap())
                .containsEntry("state", "active")
                .containsEntry("matches", 2);
        var id = made.bodyAsJsonObject().getString("id");
        desk.letTimePass(Duration.ofMinutes(1));
        assertThat(desk.api
                        .send(HttpMethod.DELETE, "/api/v1/silences/" + id, null)
                        .statusCode())
                .isEqualTo(204);
        var listed = desk.api.json("/api/v1/silences").getJsonArray("items").getJsonObject(0);
        assertThat(listed.getMap()).containsEntry("state", "ended").containsEntry("reason", "known");
        desk.look();
        assertThat(desk.events()).containsExactly("redrive.alert.firing");
    }

    @Test
    void a1001stSilenceIsRefusedUntilOneHasEnded() throws Exception {
        desk.sql(
                "INSERT INTO alert_silence (query, starts_at, ends_at, author, reason)"
                        + " SELECT 'topic:x' || n, now(), now() + interval '1 day', 'ana', 'planned' FROM generate_series(1, 1000) AS n");
        var silence = new JsonObject()
                .put("query", "topic:x")
                .put("until", desk.now().plus(Duration.ofHours(1)).toString())
                .put("reason", "known");
        assertThat(desk.make("/api/v1/silences", silence).statusCode()).isEqualTo(409);
        desk.sql("UPDATE alert_silence SET ends_at = starts_at WHERE id = 7");
        desk.letTimePass(Duration.ofMinutes(1));
        assertThat(desk.make("/api/v1/silences", silence).statusCode()).isEqualTo(201);
    }
}
