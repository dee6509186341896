package dev.redrive.alert;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What a person says of an endpoint.
 *
 * @param kind and {@code address} null where a change leaves them as they are
 * @param owner the endpoint that is told when this one dies; null for any
 */
record EndpointEdit(
        String name,
        @Nullable EndpointKind kind,
        @Nullable String address,
        boolean allowsPayload,
        boolean enabled,
        @Nullable Integer owner) {

    /** @param body checked against the contract */
    static EndpointEdit of(JsonObject body) {
        var kind = body.getString("kind");
        var owner = body.getString("ownerEndpointId");
        return new EndpointEdit(
                body.getString("name"),
                kind == null ? null : EndpointKind.of(kind),
                body.getString("address"),
                body.getBoolean("allowsPayload", false),
                body.getBoolean("enabled", true),
                owner == null ? null : (int) Math.min(Long.parseLong(owner), Integer.MAX_VALUE));
    }

    @Override
    public String toString() {
        return "EndpointEdit[" + name + "]";
    }
}
