package dev.redrive.http;

import static java.util.Objects.requireNonNull;

import dev.redrive.Sha256;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Makes a request that is sent twice act once, over any number of processes. The key, the work and the answer are one
 * transaction: after a crash either all of them are there or none. A refused request leaves no trace and may be sent
 * again with the same key. After draft-ietf-httpapi-idempotency-key-header-07.
 */
public final class Idempotency {

    /** SQLSTATE of a wait for a lock that took longer than lock_timeout. */
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** A structured-field string (RFC 9651) or the same without its quotes. */
    private static final Pattern KEY =
            Pattern.compile("\"([\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]{1,255})\"|([\\x21\\x23-\\x5b\\x5d-\\x7e]{1,255})");

    private final Pool pool;
    private final IdempotencyStore store;

    public Idempotency(Pool pool) {
        this.pool = pool;
        this.store = new IdempotencyStore();
    }

    /**
     * Runs the work, or answers what it answered the first time.
     *
     * @param work what it changes must go through the connection it is given; nothing is committed when it fails
     */
    public Future<Reply> once(Call call, Function<SqlConnection, Future<Reply>> work) {
        var request = new IdempotencyStore.Request(
                call.actor(),
                call.method(),
                call.path(),
                key(call),
                Sha256.of(call.rawBody().getBytes()));
        return pool.withTransaction(connection -> store.claim(connection, request)
                        .compose(claimed -> claimed
                                ? work.apply(connection)
                                        .compose(reply -> store.keep(connection, request, toJson(reply))
                                                .map(kept -> reply))
                                : store.find(connection, request).map(Idempotency::again)))
                .recover(Idempotency::waitedTooLong);
    }

    /**
     * For whoever lost the answer and cannot send the same body again.
     *
     * @param path of the first request
     * @return what it was answered; empty where the caller sent none with this key in the last 7 days
     */
    public Future<Optional<Reply>> first(String actor, String method, String path, String key) {
        return store.first(pool, new IdempotencyStore.Request(actor, method, path, key, new byte[0]))
                .map(found -> found.map(reply -> fromJson(new JsonObject(reply))));
    }

    private static String key(Call call) {
        var header = call.header("Idempotency-Key");
        if (header == null || header.isBlank()) {
            throw new RefusedException(ProblemCode.IDEMPOTENCY_KEY_MISSING, "Send an Idempotency-Key, best a UUID");
        }
        var matcher = KEY.matcher(header.strip());
        if (!matcher.matches()) {
            throw RefusedException.invalidParameter("Idempotency-Key", "1 to 255 printable ASCII characters");
        }
        return requireNonNull(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
    }

    private static Reply again(IdempotencyStore.Known known) {
        if (!known.sameBody()) {
            throw new RefusedException(
                    ProblemCode.IDEMPOTENCY_KEY_REUSED, "This Idempotency-Key was used with another body");
        }
        return fromJson(new JsonObject(known.reply())).with("Idempotency-Replayed", "true");
    }

    private static Future<Reply> waitedTooLong(Throwable failure) {
        if (failure instanceof PgException postgres && LOCK_NOT_AVAILABLE.equals(postgres.getSqlState())) {
            return Future.failedFuture(new RefusedException(
                    ProblemCode.IDEMPOTENCY_IN_PROGRESS, "The first request with this Idempotency-Key still runs"));
        }
        return Future.failedFuture(failure);
    }

    private static String toJson(Reply reply) {
        return new JsonObject()
                .put("status", reply.status())
                .put("body", reply.body())
                .put("headers", new JsonObject(new LinkedHashMap<>(reply.headers())))
                .encode();
    }

    private static Reply fromJson(JsonObject kept) {
        var headers = new LinkedHashMap<String, String>();
        for (Map.Entry<String, Object> header : kept.getJsonObject("headers")) {
            headers.put(header.getKey(), header.getValue().toString());
        }
        return new Reply(kept.getInteger("status"), kept.getJsonObject("body"), headers);
    }
}
