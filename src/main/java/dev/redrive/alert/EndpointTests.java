package dev.redrive.alert;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.time.Duration;

/** Sends a test by the way that every alert takes, and waits for what comes of it. */
final class EndpointTests {

    /** An attempt, and the one that may be in hand when the test is asked for. */
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private static final long LOOK_MILLIS = 100;

    private final Vertx vertx;
    private final Pool pool;
    private final TestAlert tests;
    private final AuditStore audit;
    private final DeliveryStore deliveries;

    EndpointTests(Vertx vertx, Pool pool, TestAlert tests, AuditStore audit, DeliveryStore deliveries) {
        this.vertx = vertx;
        this.pool = pool;
        this.tests = tests;
        this.audit = audit;
        this.deliveries = deliveries;
    }

    /** @return the delivery, still pending where the endpoint is busy for longer than 25 s */
    Future<DeliveryStore.Delivery> run(Call call, Row endpoint) {
        int id = endpoint.getInteger("id");
        var name = endpoint.getString("name");
        var event = new AuditEvent(
                call.actor(),
                "webhook-tested",
                null,
                EndpointRoutes.PATH + "/" + id,
                null,
                new JsonObject().put("name", name),
                call.requestId());
        return pool.withTransaction(connection -> EndpointTestStore.write(
                                connection, id, tests.event(name, call.actor()))
                        .compose(written -> audit.record(connection, event).map(written)))
                .compose(written -> done(written, System.nanoTime() + PATIENCE.toNanos()));
    }

    Future<JsonObject> toJson(DeliveryStore.Delivery delivery, String publicUrl) {
        return deliveries.tries(delivery).map(tries -> DeliveryJson.detail(delivery, tries, publicUrl));
    }

    private Future<DeliveryStore.Delivery> done(String webhookId, long deadline) {
        return deliveries.find(webhookId).map(found -> found.orElseThrow()).compose(delivery -> {
            boolean over = !delivery.state().equals("pending") || System.nanoTime() > deadline;
            return over
                    ? Future.succeededFuture(delivery)
                    : vertx.timer(LOOK_MILLIS).compose(again -> done(webhookId, deadline));
        });
    }
}
