package dev.redrive.alert;

import static dev.redrive.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.Progress;
import dev.redrive.TimeLimit;
import dev.redrive.http.ApiServer;
import dev.redrive.testkit.LogLines;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AlertWatchTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    @DisplayName("A-17: whoever looks at the rules has to get on as well, or there is no heartbeat")
    void aWatchThatCannotLookMakesNoProgress() throws Exception {
        var nanos = new AtomicLong();
        var progress = new Progress(Duration.ofMinutes(2), nanos::get);
        var pace = new AlertVerticle.Pace(Duration.ofMillis(20), Duration.ofMillis(20), Duration.ZERO);
        var vertx = Vertx.vertx();
        try (var desk = new RuleDesk();
                var lines = LogLines.of(AlertVerticle.class, vertx)) {
            desk.await(vertx.deployVerticle(new AlertVerticle(
                    desk.watch(), desk.api.pool(), Clock.systemUTC(), pace, progress.loop("alerts"))));
            nanos.addAndGet(Duration.ofSeconds(121).toNanos());
            until(PATIENCE, () -> progress.stuck().isEmpty());
            desk.sql("ALTER TABLE alert_rule RENAME TO away");
            until(PATIENCE, () -> !lines.warnings().isEmpty());
            nanos.addAndGet(Duration.ofSeconds(121).toNanos());
            assertThat(progress.stuck()).containsExactly("alerts");
            desk.sql("ALTER TABLE away RENAME TO alert_rule");
            until(PATIENCE, () -> progress.stuck().isEmpty());
        } finally {
            ApiServer.await(vertx.close());
        }
    }

    @Test
    void aLookThatOutlastsItsTimeLooksAtNoFurtherRule() throws Exception {
        try (var desk = new RuleDesk()) {
            desk.sql("UPDATE alert_rule SET enabled = condition IN ('job-stopped', 'replay-uncertain')");
            var slow = Promise.<List<AlertNotice>>promise();
            var looked = new AtomicInteger();
            var watch = desk.watch(Map.of(
                    Condition.JOB_STOPPED, (connection, since, now) -> slow.future(),
                    Condition.REPLAY_UNCERTAIN,
                            (connection, since, now) -> {
                                looked.incrementAndGet();
                                return Future.succeededFuture(List.of());
                            }));
            var inHand = new ArrayList<Future<Void>>();
            var look = TimeLimit.within(Duration.ofMillis(300), limit -> {
                inHand.add(watch.look(desk.now(), limit));
                return inHand.get(0);
            });
            assertThatThrownBy(() -> desk.await(look)).isInstanceOf(TimeoutException.class);
            slow.complete(List.of());
            assertThatThrownBy(() -> desk.await(inHand.get(0))).hasMessageContaining("given up");
            assertThat(looked).hasValue(0);
        }
    }

    @Test
    void aClockThatIsSetBackStopsNoLook() throws Exception {
        var clock = new MovingClock();
        var pace = new AlertVerticle.Pace(Duration.ofMillis(20), Duration.ofSeconds(10), Duration.ZERO);
        var looked = new AtomicInteger();
        var vertx = Vertx.vertx();
        try (var desk = new RuleDesk()) {
            var watch = desk.watch(Map.of(Condition.JOB_STOPPED, (connection, since, at) -> {
                looked.incrementAndGet();
                return Future.succeededFuture(List.of());
            }));
            var progress = new Progress().loop("alerts");
            desk.await(vertx.deployVerticle(new AlertVerticle(watch, desk.api.pool(), clock, pace, progress)));
            until(PATIENCE, () -> looked.get() == 1);
            clock.move(Duration.ofDays(-1));
            until(PATIENCE, () -> looked.get() == 2);
        } finally {
            ApiServer.await(vertx.close());
        }
    }
}
