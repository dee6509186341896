package dev.redrive.alert;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.redrive.TimeLimit;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.ApiServer;
import dev.redrive.http.Routes;
import dev.redrive.ingest.BulkLoader;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** The rules with one endpoint, letters that are stored as ingest stores them, and a hand on the clock. */
final class RuleDesk implements AutoCloseable {

    static final String PUBLIC_URL = "https://redrive.example";

    private static final Duration CALM = Duration.ofMinutes(1);

    final ApiServer api;
    private final MovingClock clock = new MovingClock();
    private final AlertWatch watch;
    private final BulkLoader loader;
    private final AtomicLong offset = new AtomicLong();

    RuleDesk() throws Exception {
        var links = new Links(PUBLIC_URL);
        var own = Map.of("main", "redrive");
        api = ApiServer.with(pool -> routes -> List.<Routes>of(
                        new AlertRuleRoutes(pool, new AuditStore(pool), new Teller(links), clock),
                        new BacktestRoutes(new Backtest(pool, 1_000, own), clock),
                        new AlertRoutes(pool, pool, new AuditStore(pool), links, clock),
                        new SilenceRoutes(pool, pool, new AuditStore(pool), clock))
                .forEach(each -> each.bindTo(routes)));
        watch = watch();
        loader = new BulkLoader(api.pool(), "kafka-1", "main", new NewGroupAlert(links, clock));
        sql("INSERT INTO alert_endpoint (name, address_hash) VALUES ('one', sha256('one'))");
    }

    /** Another process would have one of its own. */
    AlertWatch watch() {
        return watch(Map.of());
    }

    /** @param others as the rest of the product gives them */
    AlertWatch watch(Map<Condition, AlertSource> others) {
        return watch(others, Set.of("main"));
    }

    /** @param clusters of the settings by now */
    AlertWatch watch(Map<Condition, AlertSource> others, Set<String> clusters) {
        var links = new Links(PUBLIC_URL);
        var consumers = new ConsumerSource(links, 1_000, Map.of("main", "redrive"));
        return new AlertWatch(api.pool(), new Sources(links, consumers, others), new Teller(links), clusters, CALM);
    }

    Instant now() {
        return clock.instant();
    }

    void letTimePass(Duration time) {
        clock.move(time);
    }

    /** Looks at every rule and tells what is due. */
    void look() throws Exception {
        ApiServer.await(look(watch));
    }

    /** As the process does that has this watch. */
    Future<Void> look(AlertWatch watch) {
        return TimeLimit.within(
                Duration.ofMinutes(1), limit -> watch.look(now(), limit).compose(looked -> watch.tell(now(), limit)));
    }

    /** As the verticle does, every so often for so long. */
    void lookFor(Duration time, Duration every) throws Exception {
        var end = now().plus(time);
        while (now().isBefore(end)) {
            letTimePass(every);
            look();
        }
    }

    /** What somebody noticed, in a transaction of its own. */
    void tell(AlertNotice... notices) throws Exception {
        ApiServer.await(api.pool().withTransaction(connection -> Noticing.tell(connection, List.of(notices), now())));
    }

    AlertNotice expiry(String topic) {
        return AlertNotice.of(
                Condition.EXPIRY,
                AlertSubject.topic("main", topic, ""),
                topic + " loses letters soon",
                1,
                now(),
                "/topics/" + topic,
                new JsonObject().put("percent", 30));
    }

    AlertNotice expiryOver(String topic) {
        return AlertNotice.over(Condition.EXPIRY, AlertSubject.topic("main", topic, ""), now());
    }

    ConsumerRecord<byte[], byte[]> record(String topic, String exception, String message) {
        return record(topic, offset.getAndIncrement(), exception, message, "value");
    }

    static ConsumerRecord<byte[], byte[]> record(
            String topic, long offset, String exception, String message, String value) {
        var headers = new RecordHeaders();
        headers.add("kafka_dlt-exception-fqcn", exception.getBytes(UTF_8));
        headers.add("kafka_dlt-exception-message", message.getBytes(UTF_8));
        headers.add("kafka_dlt-original-topic", "orders".getBytes(UTF_8));
        headers.add("kafka_dlt-original-consumer-group", "orders-svc".getBytes(UTF_8));
        return new ConsumerRecord<>(
                topic,
                0,
                offset,
                System.currentTimeMillis(),
                TimestampType.CREATE_TIME,
                3,
                value.length(),
                "key".getBytes(UTF_8),
                value.getBytes(UTF_8),
                headers,
                Optional.of(0));
    }

    void store(List<ConsumerRecord<byte[], byte[]>> records) {
        loader.load(records);
    }

    void letters(String topic, String exception, int number) {
        store(IntStream.range(0, number)
                .mapToObj(n -> record(topic, exception, "price " + n))
                .toList());
    }

    /** So many failures of one topic: each group has its own class. */
    void failures(String topic, int groups, int lettersOfEach) {
        for (int n = 1; n <= groups; n++) {
            letters(topic, "java.lang.E" + "x".repeat(n) + "Exception", lettersOfEach);
        }
    }

    /** Whatever is stored by now happened so long ago. */
    void letBe(int hoursAgo) throws Exception {
        var ago = " - interval '" + hoursAgo + " hours'";
        sql("UPDATE dead_letter SET failed_at = failed_at" + ago);
        sql("UPDATE letter_state SET failed_hour = failed_hour - " + hoursAgo);
        sql("UPDATE failure_group_counter SET first_seen_at = first_seen_at" + ago);
        sql("UPDATE failure_group_bucket SET hour = hour" + ago);
    }

    /** As if everything on its way had arrived. */
    void deliver() throws Exception {
        sql("UPDATE alert_delivery SET state = 'delivered', delivered_at = now() WHERE state = 'pending'");
    }

    /** What the outbox holds to be sent and has sent, oldest first. */
    List<JsonObject> told() throws Exception {
        return outbox("pending', 'delivered");
    }

    List<JsonObject> outbox(String state) throws Exception {
        return sql("SELECT event, episode, webhook_id, data, suppressed_by FROM alert_delivery WHERE state IN ('"
                        + state + "') ORDER BY id")
                .stream()
                .map(row -> new JsonObject(row.getString("data"))
                        .put("event", row.getString("event"))
                        .put("episode", row.getString("episode"))
                        .put("webhookId", row.getString("webhook_id"))
                        .put("suppressedBy", row.getString("suppressed_by")))
                .toList();
    }

    List<String> events() throws Exception {
        return told().stream().map(event -> event.getString("event")).toList();
    }

    /** Posts with a new Idempotency-Key. */
    HttpResponse<Buffer> make(String path, JsonObject body) throws Exception {
        return api.post(path, body, "Idempotency-Key", UUID.randomUUID().toString());
    }

    /** The rule of this condition that is there from the start. */
    JsonObject rule(String condition) throws Exception {
        return api.json("/api/v1/alert-rules").getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(rule -> rule.getString("condition").equals(condition) && rule.getBoolean("builtIn"))
                .findFirst()
                .orElseThrow();
    }

    List<Row> sql(String sql) throws Exception {
        var rows = new ArrayList<Row>();
        ApiServer.await(api.pool().query(sql).execute()).forEach(rows::add);
        return rows;
    }

    <T> T await(Future<T> future) throws Exception {
        return ApiServer.await(future);
    }

    @Override
    public void close() throws Exception {
        api.close();
    }
}
