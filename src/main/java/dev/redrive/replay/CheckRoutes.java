package dev.redrive.replay;

import dev.redrive.http.Call;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import dev.redrive.letter.BytesJson;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.time.Duration;
import java.util.Set;

/** Looks before a replay: the dry run, and the origin record as it lies in Kafka. */
final class CheckRoutes implements Routes {

    private final ReplayPlans plans;
    private final Checks checks;

    CheckRoutes(ReplayPlans plans, Checks checks) {
        this.plans = plans;
        this.checks = checks;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("checkReplay").addHandler(Call.answering(this::check));
        routes.getRoute("fetchSource").addHandler(Call.answering(this::fetch));
    }

    private Future<Reply> check(Call call) {
        var body = call.body();
        var ask = new ReplayAsk(
                call.id(),
                null,
                Source.of(body.getString("source")),
                null,
                TargetJson.read(body.getJsonObject("target")),
                Set.of(),
                Duration.ZERO,
                null);
        return checks.check(ask).map(Reply::ok);
    }

    private Future<Reply> fetch(Call call) {
        return plans.candidate(call.id()).compose(plans::fetch).map(record -> Reply.ok(json(record)));
    }

    private static JsonObject json(SourceRecords.SourceRecord record) {
        var content = record.content();
        var headers = new JsonArray();
        content.headers()
                .forEach(header -> headers.add(
                        new JsonObject().put("name", header.name()).put("value", BytesJson.shown(header.value()))));
        return new JsonObject()
                .put("topic", record.place().topic())
                .put("partition", record.place().partition())
                .put("offset", Long.toString(record.offset()))
                .put("timestamp", Times.rfc3339((Long) record.timestamp()))
                .put("key", BytesJson.shown(content.key()))
                .put("value", BytesJson.shown(content.value()))
                .put("headers", headers);
    }
}
