package dev.redrive.letter;

import static dev.redrive.letter.StoredLetters.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.http.ApiServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatusRoutesTest {

    private ApiServer server;
    private String path;

    @BeforeEach
    void start() throws Exception {
        server = ApiServer.open();
        path = "/api/v1/dead-letters/" + new StoredLetters(server.pool()).add(sample());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void refusesAReasonThatPostgresDoesNotStore() throws Exception {
        var answer = server.post(path + "/discards", new JsonObject().put("reason", "nul \0 here"));
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(400);
        assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("validation-failed");
        assertThat(server.json(path).getString("status")).isEqualTo("open");
    }

    @Test
    void discardsAndRestoresAndWritesDownWho() throws Exception {
        var discarded = server.post(
                path + "/discards", new JsonObject().put("reason", "a test order"), "X-Request-Id", "run-1");
        assertThat(discarded.statusCode()).as(discarded.bodyAsString()).isEqualTo(200);
        assertThat(discarded.getHeader("ETag")).isEqualTo("\"v2\"");
        var change = discarded.bodyAsJsonObject();
        assertThat(change.getString("status")).isEqualTo("discarded");
        assertThat(change.getJsonArray("allowedActions")).isEqualTo(new JsonArray(List.of("restore")));
        var restored = server.post(change.getJsonObject("undo").getString("href"), new JsonObject());
        assertThat(restored.bodyAsJsonObject().getString("status")).isEqualTo("open");
        var history = server.json(path + "/history").getJsonArray("items");
        assertThat(history.stream().map(event -> ((JsonObject) event).getString("action")))
                .containsExactly("stored", "discarded", "restored");
        assertThat(history.getJsonObject(1).getString("actor")).isEqualTo("anonymous");
        var audit = server.json("/api/v1/audit?action=discarded").getJsonArray("items");
        assertThat(audit).hasSize(1);
        assertThat(audit.getJsonObject(0).getString("reason")).isEqualTo("a test order");
        assertThat(audit.getJsonObject(0).getString("requestId")).isEqualTo("run-1");
        var counts = server.json("/api/v1/overview").getJsonObject("counts");
        assertThat(counts.getInteger("open")).isEqualTo(1);
        assertThat(counts.getInteger("discarded")).isZero();
    }

    @Test
    void needsNoBody() throws Exception {
        assertThat(server.send(HttpMethod.POST, path + "/discards", null).statusCode())
                .isEqualTo(200);
    }

    @Test
    void saysWhatIsPossibleWhereTheStateHasChanged() throws Exception {
        server.post(path + "/discards", new JsonObject());
        var again = server.post(path + "/discards", new JsonObject());
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.bodyAsJsonObject().getString("code")).isEqualTo("conflict-state");
        assertThat(again.bodyAsJsonObject().getJsonArray("allowedActions"))
                .isEqualTo(new JsonArray(List.of("restore")));
        assertThat(server.json(path + "/history").getJsonArray("items")).hasSize(2);
    }

    @Test
    void honoursIfMatch() throws Exception {
        var stale = server.post(path + "/discards", new JsonObject(), "If-Match", "\"v7\"");
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(stale.bodyAsJsonObject().getString("current")).isEqualTo("\"v1\"");
        assertThat(server.post(path + "/discards", new JsonObject(), "If-Match", "\"v1\"")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    @DisplayName("L-24: of many who discard at the same instant one does")
    void letsOneOfManyDiscard() throws Exception {
        var asked = IntStream.range(0, 20)
                .mapToObj(i -> server.ask(
                        HttpMethod.POST, path + "/discards", Buffer.buffer("{}"), "Content-Type", "application/json"))
                .toList();
        int done = 0;
        for (var one : asked) {
            done += ApiServer.await(one).statusCode() == 200 ? 1 : 0;
        }
        assertThat(done).isEqualTo(1);
        assertThat(server.json(path + "/history").getJsonArray("items")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE audit_event SET actor = 'x'",
                "DELETE FROM audit_event",
                "TRUNCATE audit_event",
                "DELETE FROM audit_event WHERE false"
            })
    @DisplayName("S-71: the audit refuses to be changed")
    void keepsTheAudit(String sql) throws Exception {
        server.post(path + "/discards", new JsonObject());
        assertThatThrownBy(() -> ApiServer.await(server.pool().query(sql).execute()))
                .hasMessageContaining("append-only");
        assertThat(server.json("/api/v1/audit").getJsonArray("items")).hasSize(1);
    }

    @Test
    void showsTheTopicsAndTheTrend() throws Exception {
        var topic = server.json("/api/v1/topics").getJsonArray("items").getJsonObject(0);
        assertThat(topic.getString("name")).isEqualTo("orders-dlt");
        assertThat(topic.getString("origin")).isEqualTo("orders");
        assertThat(topic.getJsonObject("open").getInteger("value")).isEqualTo(1);
        assertThat(server.json("/api/v1/overview?window=PT5H").getJsonArray("buckets"))
                .hasSize(5);
        assertThat(server.get("/api/v1/overview?window=P9D").statusCode()).isEqualTo(400);
        assertThat(server.json("/api/v1/gaps").getJsonArray("items")).isEmpty();
    }
}
