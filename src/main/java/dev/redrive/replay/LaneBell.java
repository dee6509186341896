package dev.redrive.replay;

import dev.redrive.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.pubsub.PgSubscriber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wakes the lanes of this process when any process asks for a replay, so that one is sent within milliseconds. Lanes
 * also look by themselves: a lost message costs half a second and nothing else.
 */
public final class LaneBell extends VerticleBase {

    /** Address on the event bus of this process; the message is the number of a lane. */
    static final String ADDRESS = "redrive.lane";

    /** Postgres channel; the payload is the number of a lane. */
    static final String CHANNEL = "redrive_lane";

    static final int ALL = -1;

    private static final Logger log = LoggerFactory.getLogger(LaneBell.class);
    private static final long RECONNECT_MILLIS = 1_000;

    private final PgConnectOptions connect;

    private PgSubscriber subscriber;

    @SuppressWarnings("NullAway.Init") // subscriber is set in start(), which Vert.x calls first
    public LaneBell(Database database) {
        this.connect = database.connectOptions("redrive-lanes", 0);
    }

    @Override
    public Future<?> start() {
        subscriber = PgSubscriber.subscriber(vertx, connect).reconnectPolicy(retries -> RECONNECT_MILLIS);
        subscriber.channel(CHANNEL).handler(this::ring);
        return subscriber.connect().recover(failure -> {
            log.warn("Lanes are woken later: {}", failure.getMessage());
            return Future.succeededFuture();
        });
    }

    private void ring(String payload) {
        int lane = payload.matches("\\d{1,4}") ? Integer.parseInt(payload) : ALL;
        vertx.eventBus().publish(ADDRESS, lane);
    }

    @Override
    public Future<?> stop() {
        return subscriber.close();
    }
}
