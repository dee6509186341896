package dev.redrive.grouping;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.audit.AuditStore;
import dev.redrive.http.ApiServer;
import dev.redrive.http.Routes;
import dev.redrive.ingest.BulkLoader;
import dev.redrive.job.Jobs;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.sqlclient.Row;
import java.net.URLEncoder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** The API of failure groups with jobs and their engine, and letters that are stored as ingest stores them. */
final class GroupDesk implements AutoCloseable {

    static final String GROUPS = "/api/v1/failure-groups";

    /** What is counted, against the letters themselves; and that each lies where its group is. No row: it agrees. */
    private static final String DISAGREEMENTS = """
            SELECT 'counter ' || c.failure_group_id AS what, to_jsonb(c)::text AS kept, to_jsonb(n)::text AS counted
            FROM failure_group_counter c LEFT JOIN (
              SELECT s.failure_group_id, count(*) AS letters, count(*) FILTER (WHERE s.status = 'open') AS open,
                count(*) FILTER (WHERE s.status = 'discarded') AS discarded,
                min(d.failed_at) AS first_seen_at, max(d.failed_at) AS last_seen_at
              FROM letter_state s JOIN dead_letter d ON d.id = s.letter_id GROUP BY 1) AS n
              ON n.failure_group_id = c.failure_group_id
            WHERE (c.letters, c.open, c.discarded)
                IS DISTINCT FROM (coalesce(n.letters, 0), coalesce(n.open, 0), coalesce(n.discarded, 0))
              OR n.letters > 0 AND (c.first_seen_at, c.last_seen_at) IS DISTINCT FROM (n.first_seen_at, n.last_seen_at)
            UNION ALL
            SELECT 'bucket', b.kept, b.counted FROM (
              SELECT coalesce(k.failure_group_id, n.failure_group_id)::text || coalesce(k.hour, n.hour),
                k.letters::text AS kept, n.letters::text AS counted
              FROM (SELECT * FROM failure_group_bucket WHERE letters <> 0) AS k
              FULL JOIN (
                SELECT s.failure_group_id, date_trunc('hour', d.failed_at, 'UTC') AS hour, count(*) AS letters
                FROM letter_state s JOIN dead_letter d ON d.id = s.letter_id GROUP BY 1, 2) AS n
                ON n.failure_group_id = k.failure_group_id AND n.hour = k.hour
              WHERE k.letters IS DISTINCT FROM n.letters) AS b
            UNION ALL
            SELECT 'tally', t.kept, t.counted FROM (
              SELECT k.letters::text AS kept, n.letters::text AS counted
              FROM (SELECT * FROM letter_tally WHERE letters <> 0) AS k
              FULL JOIN (
                SELECT coalesce(failed_hour, -1) AS hour, kind_ref, failure_group_id, status, count(*) AS letters
                FROM letter_state
                GROUP BY GROUPING SETS ((failed_hour, kind_ref, failure_group_id, status), (kind_ref, failure_group_id, status))) AS n
                USING (hour, kind_ref, failure_group_id, status)
              WHERE k.letters IS DISTINCT FROM n.letters) AS t
            UNION ALL
            SELECT 'letter ' || s.letter_id, s.failure_group_id::text, m.merged_into::text
            FROM letter_state s
            LEFT JOIN failure_group_state m ON m.failure_group_id = coalesce(s.home_group_id, s.failure_group_id)
            WHERE s.failure_group_id <> coalesce(m.merged_into, s.home_group_id, s.failure_group_id)""";

    private final Vertx vertx = Vertx.vertx();
    final ApiServer api;
    private final BulkLoader loader;
    private final AtomicLong offset = new AtomicLong();

    GroupDesk() throws Exception {
        var jobs = new ArrayList<Jobs>();
        api = ApiServer.with(pool -> {
            var audit = new AuditStore(pool);
            var made = new Jobs(vertx, pool, GroupWorks.all(vertx, audit));
            jobs.add(made);
            var all = new ArrayList<Routes>(made.routes());
            all.add(new FailureGroupRoutes(new FailureGroupListStore(pool), Clock.systemUTC()));
            all.add(new GroupTriageRoutes(pool, audit));
            all.add(new GroupMergeRoutes(pool, audit, made.orders()));
            all.add(new LabelRuleRoutes(pool, pool, audit));
            return builder -> all.forEach(routes -> routes.bindTo(builder));
        });
        loader = new BulkLoader(api.pool(), "kafka-1", "main");
        ApiServer.await(jobs.get(0).deploy(new SimpleMeterRegistry()));
    }

    /** Of a topic with one failure a second; {@code thrown} names class and message. */
    ConsumerRecord<byte[], byte[]> record(String topic, String exception, String message) {
        long at = offset.getAndIncrement();
        var headers = new RecordHeaders();
        headers.add("kafka_dlt-exception-fqcn", exception.getBytes(UTF_8));
        headers.add("kafka_dlt-exception-message", message.getBytes(UTF_8));
        headers.add("kafka_dlt-original-topic", "orders".getBytes(UTF_8));
        headers.add("kafka_dlt-original-consumer-group", "orders-svc".getBytes(UTF_8));
        return new ConsumerRecord<>(
                topic,
                0,
                at,
                1_790_000_000_000L + at * 700_000,
                TimestampType.CREATE_TIME,
                0,
                1,
                null,
                new byte[] {1},
                headers,
                Optional.of(0));
    }

    void store(List<ConsumerRecord<byte[], byte[]>> records) {
        loader.load(records);
    }

    /** @return the id of the group of this exception */
    String letters(String exception, String... messages) throws Exception {
        store(Stream.of(messages)
                .map(message -> record("orders-dlt", exception, message))
                .toList());
        return group(exception);
    }

    String group(String exception) throws Exception {
        var simple = exception.substring(exception.lastIndexOf('.') + 1);
        return sql("SELECT id FROM failure_group WHERE title = '" + simple
                        + "' AND fingerprint_version > 0 ORDER BY id")
                .get(0)
                .getLong(0)
                .toString();
    }

    JsonObject get(String id) throws Exception {
        var answer = api.get(GROUPS + "/" + id);
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        return answer.bodyAsJsonObject();
    }

    long letters(String id) throws Exception {
        return get(id).getJsonObject("counts").getLong("letters");
    }

    HttpResponse<Buffer> ask(String id, String what, JsonObject body) throws Exception {
        var version = sql("SELECT version FROM failure_group_state WHERE failure_group_id = " + id);
        return ask(
                id, what, body, "\"v" + (version.isEmpty() ? 0 : version.get(0).getInteger(0)) + "\"");
    }

    HttpResponse<Buffer> ask(String id, String what, JsonObject body, String etag) throws Exception {
        return api.post(
                GROUPS + "/" + id + "/" + what,
                body,
                "If-Match",
                etag,
                "Idempotency-Key",
                UUID.randomUUID().toString(),
                "Prefer",
                "wait=20");
    }

    /** Until the job has come to its end. */
    JsonObject done(HttpResponse<Buffer> answer) {
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        var job = answer.bodyAsJsonObject();
        assertThat(job.getString("state")).as(job.encode()).isEqualTo("succeeded");
        return job;
    }

    JsonObject merge(String survivor, String... ids) throws Exception {
        return done(ask(survivor, "merges", new JsonObject().put("ids", new JsonArray(List.of(ids)))));
    }

    JsonObject takeOut(String survivor, String... ids) throws Exception {
        return done(ask(survivor, "splits", new JsonObject().put("groups", new JsonArray(List.of(ids)))));
    }

    JsonObject splitBy(String id, String q) throws Exception {
        return done(ask(id, "splits", new JsonObject().put("q", q)));
    }

    JsonObject regroup(String q) throws Exception {
        return run("regroup", q);
    }

    JsonObject run(String type, String q) throws Exception {
        var selection =
                api.post("/api/v1/selections", new JsonObject().put("q", q)).bodyAsJsonObject();
        return done(api.post(
                "/api/v1/jobs",
                new JsonObject()
                        .put("type", type)
                        .put("selectionId", selection.getString("id"))
                        .put("expectedCount", selection.getJsonObject("count").getLong("value"))
                        .put("reason", "new rules"),
                "Idempotency-Key",
                UUID.randomUUID().toString(),
                "Prefer",
                "wait=20"));
    }

    void patch(String id, JsonObject body) throws Exception {
        var answer = api.send(
                HttpMethod.PATCH,
                GROUPS + "/" + id,
                body.toBuffer(),
                "Content-Type",
                "application/json",
                "If-Match",
                "*");
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
    }

    List<String> listed(String q) throws Exception {
        var items =
                api.json(GROUPS + "?limit=200&q=" + URLEncoder.encode(q, UTF_8)).getJsonArray("items");
        return items.stream().map(item -> ((JsonObject) item).getString("id")).toList();
    }

    List<String> history(String id) throws Exception {
        var items = api.json(GROUPS + "/" + id + "/history").getJsonArray("items");
        return items.stream()
                .map(item -> ((JsonObject) item).getString("action"))
                .toList();
    }

    void assertEverythingCounted(String when) throws Exception {
        var wrong = sql(DISAGREEMENTS).stream()
                .map(row -> row.getString(0) + " is " + row.getString(1) + " and not " + row.getString(2))
                .toList();
        assertThat(wrong).as(when).isEmpty();
    }

    List<Row> sql(String sql) throws Exception {
        var rows = new ArrayList<Row>();
        ApiServer.await(api.pool().query(sql).execute()).forEach(rows::add);
        return rows;
    }

    @Override
    public void close() throws Exception {
        ApiServer.await(vertx.close());
        api.close();
    }
}
