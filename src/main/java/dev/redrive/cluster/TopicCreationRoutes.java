package dev.redrive.cluster;

import dev.redrive.http.Call;
import dev.redrive.http.Idempotency;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.Map;

/** The making of topics, and the dead-letter topic that would fit an origin. */
final class TopicCreationRoutes implements Routes {

    private static final String SUFFIX = "-dlt";

    private final TopicCreation creation;
    private final Idempotency idempotency;

    TopicCreationRoutes(TopicCreation creation, Idempotency idempotency) {
        this.creation = creation;
        this.idempotency = idempotency;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("createTopic").addHandler(Call.answering(this::create));
        routes.getRoute("proposeDeadLetterTopic").addHandler(Call.answering(this::propose));
    }

    private Future<Reply> create(Call call) {
        var body = call.body();
        return body.getBoolean("validateOnly", false)
                ? creation.propose(TopicCreation.Ask.from(body)).map(found -> Reply.ok(found.toJson(false)))
                : idempotency.once(call, connection -> creation.create(call, connection));
    }

    private Future<Reply> propose(Call call) {
        var origin = call.pathParameter("name");
        var ask = new TopicCreation.Ask(call.query("cluster"), origin + SUFFIX, origin, null, null, Map.of());
        return creation.propose(ask).map(found -> Reply.ok(found.toJson(false)));
    }
}
