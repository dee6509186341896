package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import dev.redrive.testkit.Eventually;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AlertRuleRoutesTest {

    private static final String RULES = "/api/v1/alert-rules";
    private static final String WAITING =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";

    private RuleDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new RuleDesk();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    private static JsonObject letters(@Nullable String query) {
        return new JsonObject()
                .put("name", "Many")
                .put("condition", "letters")
                .put("query", query)
                .put("threshold", 10)
                .put("severity", "warning");
    }

    private HttpResponse<Buffer> put(String id, JsonObject body, String... headers) throws Exception {
        var all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Content-Type", "application/json"));
        return desk.api.send(HttpMethod.PUT, RULES + "/" + id, body.toBuffer(), all.toArray(String[]::new));
    }

    private static JsonObject edit(JsonObject rule) {
        var edit = rule.copy();
        List.of("id", "version", "builtIn", "state", "firing", "lastFiredAt", "updatedBy", "updatedAt")
                .forEach(edit::remove);
        return edit;
    }

    @Test
    void theFirstStartKnowsWhatIsWorthAnAlert() throws Exception {
        var rules = desk.api.json(RULES).getJsonArray("items");
        assertThat(rules).hasSize(16).allMatch(rule -> ((JsonObject) rule).getBoolean("builtIn"));
        assertThat(desk.rule("topic-unready").getBoolean("enabled")).isFalse();
        var group = desk.rule("new-group");
        assertThat(group.getMap())
                .containsEntry("state", "ok")
                .containsEntry("groupWait", "PT30S")
                .containsEntry("groupInterval", "PT5M")
                .containsEntry("repeatInterval", "PT4H")
                .containsEntry("lastFiredAt", null);
    }

    @Test
    void ofTwoWhoTakeANameAtOnceTheSlowerIsToldSo() throws Exception {
        var mine = desk.rule("topic-unready");
        var pool = desk.api.pool();
        var faster = ApiServer.await(pool.getConnection());
        var taking = ApiServer.await(faster.begin());
        ApiServer.await(faster.query("UPDATE alert_rule SET name = 'Mine' WHERE condition = 'new-group'")
                .execute());
        var slower = new FutureTask<>(() -> put(mine.getString("id"), edit(mine).put("name", "Mine"), "If-Match", "*"));
        new Thread(slower, "slower").start();
        Eventually.until(Duration.ofSeconds(20), () -> desk.sql(WAITING).get(0).getLong(0) == 1);
        ApiServer.await(taking.commit().eventually(faster::close));
        assertThat(slower.get().statusCode()).isEqualTo(409);
        assertThat(slower.get().bodyAsJsonObject().getString("code")).isEqualTo("conflict-state");
    }

    @Test
    void aRuleIsMadeChangedAndDeletedAndEachChangeIsInTheAudit() throws Exception {
        var made = desk.make(RULES, letters("topic:orders-dlt"));
        assertThat(made.statusCode()).as(made.bodyAsString()).isEqualTo(201);
        var rule = made.bodyAsJsonObject();
        var id = rule.getString("id");
        assertThat(desk.make(RULES, letters(null)).statusCode())
                .as("the name is taken")
                .isEqualTo(409);
        assertThat(put(id, edit(rule)).statusCode()).isEqualTo(428);
        assertThat(put(id, edit(rule), "If-Match", "\"v7\"").statusCode()).isEqualTo(412);
        var changed = put(id, edit(rule).put("window", "PT10M"), "If-Match", "\"v1\"");
        assertThat(changed.statusCode()).as(changed.bodyAsString()).isEqualTo(200);
        assertThat(changed.bodyAsJsonObject().getString("window")).isEqualTo("PT10M");
        assertThat(put(id, edit(rule).put("condition", "new-group").putNull("threshold"), "If-Match", "*")
                        .statusCode())
                .isEqualTo(422);
        assertThat(put(id, edit(rule).put("endpointIds", new JsonArray().add("99")), "If-Match", "*")
                        .statusCode())
                .isEqualTo(422);
        assertThat(desk.api
                        .send(HttpMethod.DELETE, RULES + "/" + id, null, "If-Match", "*")
                        .statusCode())
                .isEqualTo(204);
        var builtIn = desk.rule("gap").getString("id");
        assertThat(desk.api
                        .send(HttpMethod.DELETE, RULES + "/" + builtIn, null, "If-Match", "*")
                        .statusCode())
                .isEqualTo(409);
        assertThat(desk.sql("SELECT action FROM audit_event ORDER BY id"))
                .extracting(row -> row.getString(0))
                .containsExactly("alert-rule-created", "alert-rule-changed", "alert-rule-deleted");
    }

    @Test
    void thereAreNoMoreThan200RulesHoweverManyAreMadeAtOnce() throws Exception {
        desk.sql("INSERT INTO alert_rule (name, condition, severity) SELECT 'Rule ' || n, 'letters', 'info'"
                + " FROM generate_series(1, 197 - (SELECT count(*) FROM alert_rule)) AS n");
        var asked = new ArrayList<Future<HttpResponse<Buffer>>>();
        for (int i = 0; i < 12; i++) {
            var rule = letters(null).put("name", "At once " + i);
            asked.add(desk.api.ask(
                    HttpMethod.POST,
                    RULES,
                    rule.toBuffer(),
                    "Content-Type",
                    "application/json",
                    "Idempotency-Key",
                    "k" + i));
        }
        var statuses = new ArrayList<Integer>();
        for (var one : asked) {
            statuses.add(ApiServer.await(one).statusCode());
        }
        assertThat(statuses)
                .containsOnly(201, 409)
                .filteredOn(status -> status == 201)
                .hasSize(3);
        assertThat(desk.api.json(RULES).getInteger("total")).isEqualTo(200);
    }

    @Test
    void whatIsMadeTwiceWithOneKeyIsMadeOnceAlsoWhenItsTimeIsOver() throws Exception {
        var rule = desk.api.post(RULES, letters(null), "Idempotency-Key", "inc-4711");
        var same = desk.api.post(RULES, letters(null), "Idempotency-Key", "inc-4711");
        assertThat(same.statusCode()).isEqualTo(201);
        assertThat(same.getHeader("Location")).isEqualTo(rule.getHeader("Location"));
        assertThat(same.bodyAsJsonObject()).isEqualTo(rule.bodyAsJsonObject());
        var silence = new JsonObject()
                .put("query", "topic:x")
                .put("until", desk.now().plus(Duration.ofHours(1)).toString())
                .put("reason", "known");
        desk.api.post("/api/v1/silences", silence, "Idempotency-Key", "inc-4711");
        desk.letTimePass(Duration.ofHours(2));
        var later = desk.api.post("/api/v1/silences", silence, "Idempotency-Key", "inc-4711");
        assertThat(later.statusCode()).as(later.bodyAsString()).isEqualTo(201);
        assertThat(later.getHeader("Idempotency-Replayed")).isEqualTo("true");
        assertThat(desk.sql("SELECT FROM alert_silence")).hasSize(1);
        for (var path : List.of(RULES, "/api/v1/silences")) {
            var keyless = desk.api.post(path, path.equals(RULES) ? letters(null) : silence);
            assertThat(keyless.bodyAsJsonObject().getString("code")).isEqualTo("idempotency-key-missing");
        }
    }

    @Test
    void aDeletedRuleTellsTheEndOfWhatItTold() throws Exception {
        var rule =
                new JsonObject().put("name", "Soon").put("condition", "expiry").put("severity", "info");
        var id = desk.make(RULES, rule).bodyAsJsonObject().getString("id");
        desk.sql("UPDATE alert_rule SET enabled = false WHERE built_in");
        desk.tell(desk.expiry("orders-dlt"));
        desk.lookFor(Duration.ofMinutes(1), Duration.ofSeconds(10));
        desk.deliver();
        desk.api.send(HttpMethod.DELETE, RULES + "/" + id, null, "If-Match", "*");
        assertThat(desk.events()).containsExactly("redrive.alert.firing", "redrive.alert.resolved");
        assertThat(desk.api
                        .json("/api/v1/alerts")
                        .getJsonArray("items")
                        .getJsonObject(0)
                        .getMap())
                .containsEntry("state", "resolved")
                .containsEntry("ruleId", null)
                .containsEntry("ruleName", "Soon");
    }

    @Test
    void aQueryThatCannotBeAskedIsRefusedWithItsPlace() throws Exception {
        refused(letters("topic:orders-dlt nonsense:1"), 17);
        refused(letters("payload.amount:1"), 0);
        refused(letters("is:mine"), 0);
        refused(letters(null).put("condition", "expiry").putNull("threshold").put("query", "class:X"), 0);
        refused(letters(null).put("condition", "oldest-open").put("query", "error:x"), 0);
        var rate = letters(null)
                .put("condition", "topic-escalating")
                .put("threshold", 3)
                .put("window", "PT1H");
        refused(rate.copy().put("query", "class:X (group:7 OR is:open)"), 20);
        refused(rate.copy().put("query", "topic:orders-dlt -status:discarded"), 18);
        refused(rate.copy().put("query", "timeout"), 0);
        refused(
                letters(null)
                        .put("condition", "job-stopped")
                        .putNull("threshold")
                        .put("query", "topic:x"),
                0);
    }

    private void refused(JsonObject rule, int position) throws Exception {
        var answer = desk.make(RULES, rule);
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(400);
        assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("query-invalid");
        assertThat(answer.bodyAsJsonObject().getInteger("position")).isEqualTo(position);
    }

    @Test
    void whatMakesNoSenseIsRefusedWithASentence() throws Exception {
        for (var wrong : List.of(
                letters(null).put("threshold", 0),
                letters(null).put("window", "PT1S"),
                letters(null).put("groupWait", "P99D"),
                letters(null).put("runbookUrl", "javascript:alert(1)"),
                letters(null).put("name", "  "),
                letters(null)
                        .put("condition", "topic-escalating")
                        .put("threshold", 1)
                        .put("window", "PT1H"),
                letters(null)
                        .put("condition", "topic-escalating")
                        .put("threshold", 3)
                        .put("window", "PT48H"),
                letters(null).put("condition", "gap"))) {
            var answer = desk.make(RULES, wrong);
            assertThat(answer.statusCode()).as(wrong.encode()).isEqualTo(400);
            assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("validation-failed");
        }
    }

    @Test
    void aRuleIsTriedOnThePast() throws Exception {
        desk.letters("orders-dlt", "java.lang.IllegalStateException", 30);
        desk.letters("other-dlt", "java.lang.OtherException", 5);
        desk.letTimePass(Duration.ofMinutes(1));
        var many = backtest(letters("topic:orders-dlt"));
        assertThat(many.getInteger("count")).isEqualTo(1);
        assertThat(many.getBoolean("truncated")).isFalse();
        var firing = many.getJsonArray("firings").getJsonObject(0);
        assertThat(firing.getInteger("count")).isEqualTo(30);
        assertThat(firing.getJsonObject("subject").getString("topic")).isEqualTo("orders-dlt");
        var groups =
                new JsonObject().put("name", "x").put("condition", "new-group").put("severity", "info");
        assertThat(backtest(groups).getInteger("count")).isEqualTo(2);
        assertThat(backtest(groups.copy().put("query", "class:Other*")).getInteger("count"))
                .isEqualTo(1);
        for (var condition : List.of("regressed", "escalating", "topic-escalating", "oldest-open", "consumer-lag")) {
            assertThat(backtest(groups.copy().put("condition", condition)).getInteger("count"))
                    .as(condition)
                    .isZero();
        }
        desk.letTimePass(Duration.ofHours(30));
        var waiting = backtest(groups.copy().put("condition", "oldest-open"));
        assertThat(waiting.getInteger("count")).isEqualTo(2);
        assertThat(waiting.getJsonArray("firings").getJsonObject(0).getValue("until"))
                .isNull();
        var answer = desk.api.post(RULES + "/backtests", groups.copy().put("condition", "gap"));
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("cannot-backtest");
    }

    private JsonObject backtest(JsonObject rule) throws Exception {
        var answer = desk.api.post(RULES + "/backtests", rule);
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        return answer.bodyAsJsonObject();
    }
}
