package dev.redrive.http;

import dev.redrive.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.pubsub.PgSubscriber;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears what any process changed, through one Postgres connection of its own, and tells the event streams of this
 * process. Hints of a fifth of a second become one. After the connection was lost it says that hints may be missing.
 */
public final class Changes extends VerticleBase {

    /** Address on the event bus of this process; a message is what a stream sends as data. */
    static final String ADDRESS = "redrive.changed";

    /** In place of a hint: ask for everything again. */
    static final String RESYNC = "resync";

    private static final Logger log = LoggerFactory.getLogger(Changes.class);
    private static final long COALESCE_MILLIS = 200;
    private static final long RECONNECT_MILLIS = 1_000;

    /** More ids than this are told as "anything of it". */
    private static final int MOST_IDS = 100;

    private final PgConnectOptions connect;
    private final Map<String, Set<String>> pending = new LinkedHashMap<>();

    private PgSubscriber subscriber;

    @SuppressWarnings("NullAway.Init") // subscriber is set in start(), which Vert.x calls first
    public Changes(Database database) {
        // A listener runs no statements, and a timeout would not end it anyway.
        this.connect = database.connectOptions("redrive-changes", 0);
    }

    @Override
    public Future<?> start() {
        subscriber = PgSubscriber.subscriber(vertx, connect).reconnectPolicy(retries -> RECONNECT_MILLIS);
        subscriber
                .channel(Database.CHANGED)
                .handler(this::hear)
                .subscribeHandler(listening -> vertx.eventBus().publish(ADDRESS, new JsonObject().put(RESYNC, true)));
        // An unreachable database must not keep the UI from starting; the reconnect policy goes on trying.
        return subscriber.connect().recover(failure -> {
            log.warn("Live updates start later: {}", failure.getMessage());
            return Future.succeededFuture();
        });
    }

    @Override
    public Future<?> stop() {
        return subscriber.close();
    }

    private void hear(String payload) {
        JsonObject hint;
        try {
            hint = new JsonObject(payload);
        } catch (DecodeException noJson) {
            log.warn("Ignored a hint that is no JSON object");
            return;
        }
        if (pending.isEmpty()) {
            vertx.setTimer(COALESCE_MILLIS, timer -> tell());
        }
        var what = hint.getValue("what") instanceof String word ? word : "letters";
        var ids = pending.computeIfAbsent(what, word -> new LinkedHashSet<>());
        var given = hint.getValue("ids") instanceof JsonArray array ? array : new JsonArray();
        if (given.isEmpty()) {
            // The empty id stands for "anything of it" and keeps that meaning when others are added.
            ids.add("");
        }
        given.forEach(id -> ids.add(String.valueOf(id)));
    }

    private void tell() {
        pending.forEach((what, ids) -> {
            boolean anything = ids.contains("") || ids.size() > MOST_IDS;
            var hint = new JsonObject()
                    .put("what", what)
                    .put(
                            "ids",
                            anything
                                    ? new JsonArray()
                                    : new JsonArray(ids.stream().toList()));
            vertx.eventBus().publish(ADDRESS, hint);
        });
        pending.clear();
    }
}
