package dev.redrive.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.TimeLimit;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AlertWatchTest {

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
}
