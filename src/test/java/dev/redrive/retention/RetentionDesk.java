package dev.redrive.retention;

import static dev.redrive.letter.StoredLetters.sample;

import dev.redrive.audit.AuditStore;
import dev.redrive.http.ApiServer;
import dev.redrive.letter.StoredLetters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The API with the retention, on a database of its own. Time does not pass; letters are given an age. */
final class RetentionDesk implements AutoCloseable {

    static final String PATH = "/api/v1/settings/retention";

    final Vertx vertx = Vertx.vertx();
    final ApiServer api;
    final StoredLetters letters;
    final RunStore runs;
    final Retention retention;

    RetentionDesk() throws Exception {
        api = ApiServer.with(pool -> new Retention(vertx, pool, new AuditStore(pool)).routes(pool));
        letters = new StoredLetters(api.pool());
        runs = new RunStore(api.pool(), new AuditStore(api.pool()));
        retention = new Retention(vertx, api.pool(), new AuditStore(api.pool()));
        sql("UPDATE retention_setting SET updated_at = now() - interval '2 hours'");
    }

    static JsonObject rule(String status, String keepFor) {
        return new JsonObject().put("statuses", new JsonArray().add(status)).put("keepFor", keepFor);
    }

    static JsonObject rules(JsonObject... rules) {
        return new JsonObject().put("rules", new JsonArray(List.of(rules)));
    }

    HttpResponse<Buffer> put(JsonObject rules) throws Exception {
        var etag = api.get(PATH).getHeader("ETag");
        return api.send(HttpMethod.PUT, PATH, rules.toBuffer(), "Content-Type", "application/json", "If-Match", etag);
    }

    long letter(String topic, String status, int days) throws Exception {
        long id = letters.add(sample().withTopic(topic));
        age(id, status, days);
        return id;
    }

    void age(long id, String status, int days) throws Exception {
        sql(
                "UPDATE letter_state SET status = $2, changed_at = now() - make_interval(days => $3) WHERE letter_id = $1",
                id,
                status,
                days);
        sql("UPDATE dead_letter SET ingested_at = now() - make_interval(days => $2) WHERE id = $1", id, days + 1);
    }

    /** A whole run over these rules, as the verticle does it. */
    RunStore.Run run(JsonObject rules) throws Exception {
        return run(rules, () -> Future.succeededFuture(true));
    }

    RunStore.Run run(JsonObject rules, Supplier<Future<Boolean>> mayGoOn) throws Exception {
        var run = ApiServer.await(runs.begin(RetentionRule.read(rules.getJsonArray("rules")), Duration.ZERO))
                .orElseThrow();
        boolean complete = ApiServer.await(vertx.<Boolean>executeBlocking(() -> true)
                .compose(ready -> new RetentionRun(vertx, runs, run, mayGoOn).walk()));
        ApiServer.await(runs.finish(run.id(), complete));
        return ApiServer.await(runs.latest()).orElseThrow();
    }

    String status(long id) throws Exception {
        return row("SELECT status FROM letter_state WHERE letter_id = $1", id).getString(0);
    }

    long count(String from) throws Exception {
        return row("SELECT count(*) FROM " + from).getLong(0);
    }

    Row row(String sql, Object... values) throws Exception {
        return ApiServer.await(api.pool().preparedQuery(sql).execute(Tuple.from(values)))
                .iterator()
                .next();
    }

    void sql(String sql, Object... values) throws Exception {
        ApiServer.await(api.pool().preparedQuery(sql).execute(Tuple.from(values)));
    }

    @Override
    public void close() throws Exception {
        vertx.close().await(20, TimeUnit.SECONDS);
        api.close();
    }
}
