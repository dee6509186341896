package dev.redrive.replay;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What a dry run found, in order. */
final class Findings {

    private final JsonArray found = new JsonArray();
    private boolean ok = true;

    /** A replay is refused unless it holds. */
    void add(String id, boolean holds, String detail) {
        ok &= holds;
        put(id, holds ? "ok" : "error", detail);
    }

    /** Worth knowing, but no reason to refuse. */
    void advise(String id, boolean fine, String detail) {
        put(id, fine ? "ok" : "warning", detail);
    }

    private void put(String id, String level, String detail) {
        found.add(new JsonObject().put("id", id).put("level", level).put("detail", detail));
    }

    boolean isOk() {
        return ok;
    }

    JsonArray toJson() {
        return found;
    }
}
