package dev.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class TimeLimitTest {

    private final List<String> steps = new ArrayList<>();

    private Future<String> step(String name) {
        steps.add(name);
        return Future.succeededFuture(name);
    }

    @Test
    void whatOutlastsItsTimeBeginsNoFurtherStep() {
        var slow = Promise.<String>promise();
        var work = TimeLimit.within(
                Duration.ofMillis(20),
                limit -> step("first")
                        .compose(limit::pass)
                        .compose(first -> slow.future())
                        .compose(limit::pass)
                        .compose(second -> step("third")));
        assertThatThrownBy(() -> work.await(10, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        slow.complete("second, at last");
        assertThat(steps).containsExactly("first");
    }

    @Test
    void whatKeepsToItsTimeIsLeftAlone() throws Exception {
        var work = TimeLimit.within(
                Duration.ofMinutes(1),
                limit -> step("first").compose(limit::pass).compose(first -> step("second")));
        assertThat(work.await(10, TimeUnit.SECONDS)).isEqualTo("second");
        assertThat(steps).containsExactly("first", "second");
    }

    @Test
    void whatFailedInOnePartEndsInTheOthers() {
        var other = Promise.<String>promise();
        var work = TimeLimit.within(
                Duration.ofMinutes(1),
                limit -> Future.all(
                        Future.failedFuture("one part"),
                        other.future().compose(limit::pass).compose(passed -> step("another part"))));
        assertThat(work.failed()).isTrue();
        other.complete("late");
        assertThat(steps).isEmpty();
    }
}
