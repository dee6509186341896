package dev.redrive.alert;

import dev.redrive.http.Times;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;

/** An endpoint as the contract shows it: without its address and its secret. */
final class EndpointJson {

    private EndpointJson() {}

    static JsonObject of(Row row) {
        var owner = row.getInteger("owner_endpoint_id");
        return new JsonObject()
                .put("id", row.getInteger("id").toString())
                .put("version", row.getInteger("version"))
                .put("name", row.getString("name"))
                .put("kind", row.getString("kind"))
                .put("addressHint", row.getString("address_hint"))
                .put("allowsPayload", row.getBoolean("allows_payload"))
                .put("enabled", row.getBoolean("enabled"))
                .put("state", row.getString("state"))
                .put("disabledReason", row.getString("disabled_reason"))
                .put("fromSettings", row.getBoolean("from_settings"))
                .put("ownerEndpointId", owner == null ? null : owner.toString())
                .put("lastDeliveredAt", Times.rfc3339(row.getOffsetDateTime("last_delivered_at")))
                .put("lastError", row.getString("last_error"))
                .put("failures", row.getInteger("failures"))
                .put("failingSince", Times.rfc3339(row.getOffsetDateTime("failing_since")))
                .put("nextTrialAt", Times.rfc3339(row.getOffsetDateTime("trial_at")))
                .put("pending", row.getLong("pending"))
                .put("dead", row.getLong("dead"));
    }
}
