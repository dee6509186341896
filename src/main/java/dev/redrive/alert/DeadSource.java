package dev.redrive.alert;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;

/** Alerts about endpoints that got no event of late. They go to the others. */
final class DeadSource {

    private final Links links;

    DeadSource(Links links) {
        this.links = links;
    }

    Future<Looked> look(SqlClient client, AlertRule rule, Instant now) {
        return DeadDeliveryStore.dead(client, Sources.since(rule, now))
                .map(endpoints ->
                        Looked.all(endpoints.stream().map(this::notice).toList()));
    }

    private AlertNotice notice(DeadDeliveryStore.Dead dead) {
        var subject =
                AlertSubject.of(AlertSubject.Kind.ENDPOINT, Integer.toString(dead.endpointId()), dead.endpoint(), null);
        return AlertNotice.of(
                Condition.DELIVERY_DEAD,
                subject,
                Texts.counted(dead.events(), "alert", "alerts") + " did not reach " + Texts.shown(dead.endpoint()),
                dead.events(),
                dead.since(),
                "/alerts?tab=deliveries&state=dead",
                new JsonObject()
                        .put(
                                "commands",
                                JsonArray.of(links.curl("/deliveries?state=dead"), links.curl("/alert-rules"))));
    }
}
