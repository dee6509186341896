package dev.redrive.retention;

import static dev.redrive.retention.RetentionDesk.PATH;
import static dev.redrive.retention.RetentionDesk.rule;
import static dev.redrive.retention.RetentionDesk.rules;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetentionRoutesTest {

    private RetentionDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new RetentionDesk();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    private static String pointer(HttpResponse<Buffer> refused) {
        return refused.bodyAsJsonObject()
                .getJsonArray("errors")
                .getJsonObject(0)
                .getString("pointer");
    }

    @Test
    void comesWithRulesThatLeaveOpenLettersAlone() throws Exception {
        var answer = desk.api.get(PATH);
        assertThat(answer.getHeader("ETag")).isEqualTo("\"v1\"");
        var json = answer.bodyAsJsonObject();
        assertThat(json.getValue("updatedBy")).isNull();
        assertThat(json.getValue("lastRun")).isNull();
        var seen = json.getJsonArray("rules").stream()
                .map(JsonObject.class::cast)
                .map(one -> one.getJsonArray("statuses").encode() + " " + one.getString("keepFor"))
                .toList();
        assertThat(seen)
                .containsExactly("[\"recovered\"] P30D", "[\"discarded\"] P30D", "[\"replayed\",\"returned\"] P90D");
    }

    @Test
    void replacesAllRulesAndTellsWhatWasBefore() throws Exception {
        var mine = rules(rule("discarded", "P2W").put("topics", new JsonArray().add("orders-*")));
        var answer = desk.put(mine.copy().put("reason", "disk is full"));
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        assertThat(answer.getHeader("ETag")).isEqualTo("\"v2\"");
        var kept = answer.bodyAsJsonObject().getJsonArray("rules");
        assertThat(kept).hasSize(1);
        assertThat(kept.getJsonObject(0).getString("keepFor")).isEqualTo("P14D");
        assertThat(answer.bodyAsJsonObject().getString("effectiveAt"))
                .isGreaterThan(answer.bodyAsJsonObject().getString("updatedAt"));
        var event = desk.api
                .json("/api/v1/audit?action=retention-changed")
                .getJsonArray("items")
                .getJsonObject(0);
        assertThat(event.getString("reason")).isEqualTo("disk is full");
        assertThat(event.getJsonObject("details").getJsonArray("before")).hasSize(3);
        assertThat(event.getJsonObject("details").getJsonArray("after")).isEqualTo(kept);
        assertThat(desk.put(rules()).bodyAsJsonObject().getJsonArray("rules")).isEmpty();
    }

    @Test
    void asksForTheVersionThatWasSeen() throws Exception {
        var body = rules(rule("discarded", "P2W")).toBuffer();
        assertThat(desk.api
                        .send(HttpMethod.PUT, PATH, body, "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(428);
        var stale = desk.api.send(HttpMethod.PUT, PATH, body, "Content-Type", "application/json", "If-Match", "\"v7\"");
        assertThat(stale.statusCode()).isEqualTo(412);
        assertThat(stale.bodyAsJsonObject().getString("current")).isEqualTo("\"v1\"");
    }

    @Test
    void refusesARuleThatMakesNoSenseWithItsPlace() throws Exception {
        var fine = rule("recovered", "P1D");
        assertThat(pointer(desk.put(rules(fine, rule("discarded", "PT59M"))))).isEqualTo("/rules/1/keepFor");
        assertThat(pointer(desk.put(rules(rule("discarded", "a month"))))).isEqualTo("/rules/0/keepFor");
        assertThat(pointer(desk.put(rules(rule("replaying", "P1D"))))).isEqualTo("/rules/0/statuses");
        assertThat(pointer(desk.put(rules(rule("purged", "P1D"))))).isEqualTo("/rules/0/statuses");
        assertThat(pointer(desk.put(rules(rule("open", "P1D"))))).isEqualTo("/rules/0/purgesOpenLetters");
        assertThat(pointer(desk.put(rules(rule("discarded", "P1D").put("purgesOpenLetters", true)))))
                .isEqualTo("/rules/0/purgesOpenLetters");
        assertThat(pointer(desk.put(rules(fine.copy().put("topics", new JsonArray().add("a\0b"))))))
                .isEqualTo("/rules/0/topics/0");
        var unknown = desk.put(rules(fine, rule("discarded", "P1D").put("failureGroupId", "4711")));
        assertThat(unknown.statusCode()).isEqualTo(422);
        assertThat(pointer(unknown)).isEqualTo("/rules/1/failureGroupId");
        var many = IntStream.range(0, 51).mapToObj(i -> fine).toArray(JsonObject[]::new);
        for (var wrong : List.of(
                rules(many),
                rules(fine.copy().put("statuses", new JsonArray())),
                rules(fine.copy().put("keep", 1)),
                new JsonObject())) {
            assertThat(desk.put(wrong).statusCode()).as(wrong.encode()).isEqualTo(400);
        }
        assertThat(desk.api.json(PATH).getInteger("version")).isEqualTo(1);
    }

    @Test
    void previewsWhatEachRuleWouldPurgeAndChangesNothing() throws Exception {
        for (int i = 0; i < 3; i++) {
            desk.letter("orders-dlt", "discarded", 40);
        }
        desk.letter("payments-dlt", "discarded", 40);
        desk.letter("payments-dlt", "discarded", 2);
        var answer = desk.api.post(
                PATH + "/previews",
                rules(
                        rule("discarded", "P1D").put("topics", new JsonArray().add("pay*")),
                        rule("discarded", "P30D"),
                        rule("recovered", "PT1H")));
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        assertThat(answer.bodyAsJsonObject().getJsonArray("counts"))
                .isEqualTo(new JsonArray().add(exactly(2)).add(exactly(3)).add(exactly(0)));
        assertThat(desk.count("letter_state WHERE status = 'purged'")).isZero();
        assertThat(desk.api.json(PATH).getInteger("version")).isEqualTo(1);
    }

    private static JsonObject exactly(long letters) {
        return new JsonObject().put("value", letters).put("relation", "eq");
    }

    @Test
    void showsTheLatestRun() throws Exception {
        desk.letter("orders-dlt", "discarded", 40);
        desk.run(rules(rule("discarded", "P30D")));
        var run = desk.api.json(PATH).getJsonObject("lastRun");
        assertThat(run.getInteger("letters")).isEqualTo(1);
        assertThat(run.getBoolean("complete")).isTrue();
        assertThat(run.getJsonArray("rules").getJsonObject(0).getInteger("letters"))
                .isEqualTo(1);
    }
}
