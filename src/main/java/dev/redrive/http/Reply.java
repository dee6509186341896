package dev.redrive.http;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A successful answer as data, so that {@link Idempotency} can keep it. */
public record Reply(int status, @Nullable JsonObject body, Map<String, String> headers) {

    public Reply {
        headers = Map.copyOf(headers);
    }

    public static Reply ok(JsonObject body) {
        return new Reply(200, body, Map.of());
    }

    /** 201: what was asked for exists now. */
    public static Reply created(JsonObject body) {
        return new Reply(201, body, Map.of());
    }

    /** @param location path of the resource that says how it goes on */
    public static Reply accepted(JsonObject body, String location) {
        return new Reply(202, body, Map.of("Location", location));
    }

    public static Reply noContent() {
        return new Reply(204, null, Map.of());
    }

    public Reply with(String header, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Reply(status, body, more);
    }

    /** With the strong tag of a version, such as {@code "v7"}. */
    public Reply withVersion(int version) {
        return with("ETag", Call.etag(version));
    }
}
