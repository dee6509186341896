package dev.redrive.alert;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import java.time.Instant;

/** Alerts about endpoints that got no event of late, to be seen; {@link DeadAlert} tells. */
final class DeadSource {

    private DeadSource() {}

    static Future<Looked> look(SqlClient client, AlertRule rule, Instant now) {
        return DeadDeliveryStore.dead(client, Sources.since(rule, now))
                .map(endpoints ->
                        Looked.all(endpoints.stream().map(DeadSource::notice).toList()));
    }

    private static AlertNotice notice(DeadDeliveryStore.Dead dead) {
        var subject =
                AlertSubject.of(AlertSubject.Kind.ENDPOINT, Integer.toString(dead.endpointId()), dead.endpoint(), null);
        return AlertNotice.of(
                Condition.DELIVERY_DEAD,
                subject,
                Texts.counted(dead.events(), "alert", "alerts") + " did not reach " + Texts.shown(dead.endpoint()),
                dead.events(),
                dead.since(),
                "/alerts/deliveries?state=dead&endpointId=" + dead.endpointId(),
                new JsonObject());
    }
}
