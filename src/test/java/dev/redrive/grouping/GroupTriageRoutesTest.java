package dev.redrive.grouping;

import static dev.redrive.letter.StoredLetters.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.audit.AuditStore;
import dev.redrive.http.ApiServer;
import dev.redrive.letter.StoredLetters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupTriageRoutesTest {

    private ApiServer api;
    private String path;

    @BeforeEach
    void store() throws Exception {
        api = ApiServer.with(pool -> builder -> {
            new FailureGroupRoutes(new FailureGroupListStore(pool), Clock.systemUTC()).bindTo(builder);
            new GroupTriageRoutes(pool, new AuditStore(pool)).bindTo(builder);
        });
        new StoredLetters(api.pool()).add(sample());
        path = "/api/v1/failure-groups/"
                + api.json("/api/v1/failure-groups")
                        .getJsonArray("items")
                        .getJsonObject(0)
                        .getString("id");
    }

    @AfterEach
    void close() throws Exception {
        api.close();
    }

    private HttpResponse<Buffer> patch(JsonObject body, String etag) throws Exception {
        return api.send(HttpMethod.PATCH, path, body.toBuffer(), "Content-Type", "application/json", "If-Match", etag);
    }

    private JsonObject patched(JsonObject body) throws Exception {
        var answer = patch(body, api.get(path).getHeader("ETag"));
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        return answer.bodyAsJsonObject();
    }

    private int found(String q) throws Exception {
        var encoded = URLEncoder.encode(q, StandardCharsets.UTF_8);
        return api.json("/api/v1/failure-groups?q=" + encoded)
                .getJsonArray("items")
                .size();
    }

    @Test
    void resolvesSnoozesAndReopens() throws Exception {
        assertThat(patched(new JsonObject().put("state", "resolved")).getString("state"))
                .isEqualTo("resolved");
        assertThat(found("state:resolved")).isEqualTo(1);
        assertThat(found("-is:resolved")).isZero();
        var until = Instant.now().plusSeconds(3_600).toString();
        var snoozed = patched(new JsonObject()
                .put("state", "snoozed")
                .put("snooze", new JsonObject().put("until", until).put("letters", 5)));
        assertThat(snoozed.getString("state")).isEqualTo("snoozed");
        assertThat(snoozed.getJsonObject("snooze").getInteger("letters")).isEqualTo(5);
        assertThat(snoozed.getString("decidedBy")).isEqualTo("anonymous");
        assertThat(patched(new JsonObject().put("state", "ongoing")).getString("state"))
                .isNotEqualTo("snoozed");
        var actions = api.json("/api/v1/audit?object=" + path).getJsonArray("items");
        assertThat(actions.stream().map(entry -> ((JsonObject) entry).getString("action")))
                .containsExactly("group-reopened", "group-snoozed", "group-resolved");
    }

    @Test
    void wakesWhenTheTimeIsOver() throws Exception {
        patched(new JsonObject()
                .put("state", "snoozed")
                .put(
                        "snooze",
                        new JsonObject()
                                .put("until", Instant.now().plusSeconds(3_600).toString())));
        ApiServer.await(api.pool()
                .query("UPDATE failure_group_state SET snoozed_until = now() - interval '1 second'")
                .execute());
        assertThat(api.json(path).getString("state")).isNotEqualTo("snoozed");
        assertThat(found("is:snoozed")).isZero();
    }

    @Test
    void keepsWhatIsNotNamedAndFindsByWhatIs() throws Exception {
        patched(new JsonObject().put("assignee", "ana").put("tags", new JsonArray(List.of("vip", "refund"))));
        patched(new JsonObject().put("label", "Prices").put("ticketUrl", "https://tracker.example/INC-1"));
        var group = patched(new JsonObject().put("runbookUrl", "https://wiki.example/prices"));
        assertThat(group.getString("assignee")).isEqualTo("ana");
        assertThat(group.getJsonArray("tags")).isEqualTo(new JsonArray(List.of("refund", "vip")));
        for (var q : List.of(
                "assignee:ana",
                "tag:vip",
                "label:Pric*",
                "has:ticket",
                "has:runbook has:tag",
                "is:assigned",
                "prices")) {
            assertThat(found(q)).as(q).isEqualTo(1);
        }
        for (var q :
                List.of("-assignee:ana", "is:mine", "-tag:vip", "has:note", "label:Other", "state:snoozed OR tag:x")) {
            assertThat(found(q)).as(q).isZero();
        }
        assertThat(patched(new JsonObject().putNull("assignee")).getString("assignee"))
                .isNull();
    }

    @Test
    void keepsNotesAndLetsOnlyTheirAuthorTakeThemBack() throws Exception {
        assertThat(api.post(path + "/notes", new JsonObject().put("text", "see #123"))
                        .bodyAsJsonObject()
                        .getInteger("notes"))
                .isEqualTo(1);
        ApiServer.await(api.pool()
                .query(
                        "INSERT INTO failure_group_note (failure_group_id, author, text) SELECT id, 'bob', 'x' FROM failure_group")
                .execute());
        var notes = api.json(path + "/notes").getJsonArray("items");
        assertThat(notes.getJsonObject(0).getBoolean("own")).isTrue();
        var own = path + "/notes/" + notes.getJsonObject(0).getString("id");
        var other = path + "/notes/" + notes.getJsonObject(1).getString("id");
        assertThat(api.send(HttpMethod.DELETE, other, null).statusCode()).isEqualTo(404);
        assertThat(api.send(HttpMethod.DELETE, own, null).statusCode()).isEqualTo(204);
        assertThat(api.json(path).getInteger("notes")).isZero();
    }

    @Test
    void refusesAChangeOfWhatTheCallerDidNotSee() throws Exception {
        assertThat(patch(new JsonObject().put("state", "resolved"), "\"v0\"").statusCode())
                .isEqualTo(200);
        assertThat(patch(new JsonObject().put("state", "ongoing"), "\"v0\"").statusCode())
                .isEqualTo(412);
        assertThat(api.send(
                                HttpMethod.PATCH,
                                path,
                                new JsonObject().put("state", "ongoing").toBuffer(),
                                "Content-Type",
                                "application/json")
                        .statusCode())
                .isEqualTo(428);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ticketUrl\":\"javascript:alert(1)\"}",
                "{\"runbookUrl\":\"//example.org\"}",
                "{\"ticketUrl\":\"https://\"}",
                "{\"state\":\"snoozed\"}",
                "{\"state\":\"snoozed\",\"snooze\":{}}",
                "{\"state\":\"snoozed\",\"snooze\":{\"until\":\"2020-01-01T00:00:00Z\"}}",
                "{\"state\":\"resolved\",\"snooze\":{\"letters\":1}}",
                "{\"state\":\"snoozed\",\"snooze\":{\"until\":\"+999999999-01-01T00:00:00Z\"}}",
                "{\"state\":\"regressed\"}",
                "{\"tags\":[\"a b\"]}",
                "{\"assignee\":\" \"}",
                "{\"colour\":\"red\"}",
                "{}"
            })
    void refusesWhatMakesNoSense(String body) throws Exception {
        assertThat(patch(new JsonObject(body), "\"v0\"").statusCode()).isEqualTo(400);
        assertThat(api.json(path).getInteger("version")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"payload.a:1", "key:x", "has:draft", "offset:1", "is:binary", "clas:x"})
    void refusesFiltersThatFailureGroupsDoNotKnow(String q) throws Exception {
        var answer = api.get("/api/v1/failure-groups?q=" + q);
        assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("query-invalid");
        assertThat(answer.bodyAsJsonObject().getInteger("position")).isZero();
    }

    @Test
    void showsLettersByHourAndByWhatTheyAreNow() throws Exception {
        var items = api.json(path + "/timeline?window=P7D").getJsonArray("items");
        assertThat(items).hasSize(168);
        long open = items.stream()
                .mapToLong(hour -> ((JsonObject) hour).getLong("open"))
                .sum();
        assertThat(open).isBetween(0L, 1L);
        assertThat(api.get("/api/v1/failure-groups/999999/timeline").statusCode())
                .isEqualTo(404);
    }
}
