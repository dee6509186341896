package dev.redrive.cluster;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import dev.redrive.http.Keyset;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.HashMap;
import java.util.List;
import java.util.function.Supplier;

/** The dead-letter topics as they were read, what could not be read, and what an operator asked not to read. */
public final class TopicRoutes implements Routes {

    private final TopicStore store;
    private final ReadingStore readings;
    private final AuditStore audit;
    private final Pool pool;
    private final TopicListing list;
    private final Supplier<List<NotRead>> notRead;
    private final Told told;

    /**
     * @param pool for what changes; {@code reading} has a short statement timeout
     * @param notRead as of the last look at each cluster
     * @param readiness as it was measured lately; nothing is measured for a list
     * @param told whether somebody hears of letters
     */
    public TopicRoutes(
            Pool pool, Pool reading, Lags lags, Supplier<List<NotRead>> notRead, ReadinessLookup readiness, Told told) {
        this.pool = pool;
        this.store = new TopicStore(reading);
        this.readings = new ReadingStore(reading);
        this.audit = new AuditStore(pool);
        this.list = new TopicListing(reading, lags, readiness);
        this.notRead = notRead;
        this.told = told;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listTopics").addHandler(Call.answering(this::topics));
        routes.getRoute("getTopic").addHandler(Call.answering(this::topic));
        routes.getRoute("patchTopic").addHandler(Call.answering(this::patch));
        routes.getRoute("listGaps").addHandler(Call.answering(this::gaps));
    }

    private Future<Reply> topics(Call call) {
        var topics = store.topics(null, null).compose(rows -> list.of(rows, null));
        var decided = readings.decided();
        var there = told.isAnybodyThere();
        return Future.all(topics, decided, there).map(all -> {
            var reading = new HashMap<List<String>, JsonObject>();
            decided.result()
                    .forEach(row -> reading.put(
                            List.of(row.getString("cluster"), row.getString("name")), TopicJson.reading(row)));
            var missed = new JsonArray();
            notRead.get()
                    .forEach(topic ->
                            missed.add(TopicJson.notRead(topic, reading.get(List.of(topic.cluster(), topic.topic())))));
            var items = new JsonArray(topics.result());
            return Reply.ok(new JsonObject()
                    .put("items", items)
                    .put("notRead", missed)
                    .put("findings", findings(there.result())));
        });
    }

    /** What is wrong for all topics at once is said once, and not by the readiness of each. */
    private static JsonArray findings(boolean isAnybodyThere) {
        return isAnybodyThere
                ? new JsonArray()
                : new JsonArray()
                        .add(
                                new JsonObject()
                                        .put("id", ReadinessAspect.ALERT.id())
                                        .put("level", ReadinessLevel.WARN.word())
                                        .put("what", ReadinessAspect.ALERT.what())
                                        .put("why", ReadinessAspect.ALERT.why())
                                        .put("measured", "There is no endpoint, so nobody is told of any topic.")
                                        .put(
                                                "fix",
                                                "Add one to the alerts, or set REDRIVE_WEBHOOK_URL and REDRIVE_WEBHOOK_SECRET."));
    }

    private Future<Reply> topic(Call call) {
        return find(call)
                .compose(found -> list.of(found, call.pathParameter("name"))
                        .map(items ->
                                Reply.ok(items.get(0)).withVersion(found.get(0).getInteger("version"))));
    }

    /** @return the incarnations of one topic of one cluster, the youngest first; at least one */
    private Future<List<Row>> find(Call call) {
        var name = call.pathParameter("name");
        return store.topics(name, call.query("cluster")).map(found -> {
            if (found.isEmpty()) {
                throw RefusedException.notFound("No dead-letter topic " + name + " was ever read");
            }
            if (found.stream().map(row -> row.getString("kafka_id")).distinct().count() > 1) {
                throw RefusedException.invalidParameter("cluster", "Several clusters have this topic; name one");
            }
            return found;
        });
    }

    private Future<Reply> patch(Call call) {
        call.requireMatch();
        var body = call.body();
        return find(call).compose(found -> {
            var row = found.get(0);
            int version = row.getInteger("version");
            call.checkMatch(version);
            var pause = new TopicStore.Pause(body.getBoolean("paused"), call.actor(), body.getString("reason"));
            var cluster = row.getString("cluster");
            var topic = row.getString("name");
            return pool.withTransaction(connection -> store.pause(connection, cluster, topic, version, pause)
                            .compose(done -> done
                                    ? audit.record(connection, event(call, cluster, topic, pause))
                                    : Future.failedFuture(new RefusedException(
                                            ProblemCode.PRECONDITION_FAILED, "Somebody else changed it just now"))))
                    .compose(done -> topic(call));
        });
    }

    private static AuditEvent event(Call call, String cluster, String topic, TopicStore.Pause pause) {
        return new AuditEvent(
                call.actor(),
                pause.paused() ? "ingest-paused" : "ingest-resumed",
                null,
                "/api/v1/topics/" + topic,
                pause.reason(),
                new JsonObject().put("cluster", cluster),
                call.requestId());
    }

    private Future<Reply> gaps(Call call) {
        var topic = call.query("topic");
        var keyset = Keyset.of(call, "gaps " + List.of(topic == null ? "" : topic));
        return store.gaps(topic, keyset.beforeId(), keyset.fetch())
                .map(rows -> Reply.ok(keyset.page(rows, row -> row.getLong("id"), TopicJson::gap)));
    }
}
