package dev.redrive.alert;

import dev.redrive.Progress;
import dev.redrive.Settings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Duration;

/** The watch over the rules at the pace of a test, for tests of other features. */
public final class QuickAlerts {

    private static final AlertVerticle.Pace PACE =
            new AlertVerticle.Pace(Duration.ofMillis(50), Duration.ofMillis(50), Duration.ofMillis(500));

    private QuickAlerts() {}

    /** Looks and writes to the outbox without waiting for anything; sends nothing. */
    public static Future<?> deploy(Vertx vertx, Settings settings, Pool pool) {
        return deploy(vertx, new Alerts(settings, pool), pool);
    }

    /** As {@link #deploy(Vertx, Settings, Pool)}, with what the alerts were told to look for. */
    public static Future<?> deploy(Vertx vertx, Alerts alerts, Pool pool) {
        return pool.query("UPDATE alert_rule SET group_wait_seconds = 0, group_interval_seconds = 0")
                .execute()
                .compose(quick -> alerts.watch(vertx, Clock.systemUTC(), PACE, new Progress()));
    }
}
