package dev.redrive;

import static dev.redrive.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofHours(1);

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    /** A verticle as all of them are: it counts its turns, and asks for the rest that a failure is worth. */
    private final class Counting extends VerticleBase {

        private final Supplier<Future<Duration>> work;
        private final Duration stop;
        private final AtomicBoolean toStop = new AtomicBoolean();
        private @Nullable Turns turns;

        Counting(Duration stop, Supplier<Future<Duration>> work) {
            this.stop = stop;
            this.work = work;
        }

        @Override
        public Future<?> start() {
            turns = Turns.begin(vertx, this::turn, failure -> {
                threads.add(Thread.currentThread());
                failures.add(String.valueOf(failure.getMessage()));
                return SHORT;
            });
            return Future.succeededFuture();
        }

        private Future<Duration> turn() {
            begun.incrementAndGet();
            threads.add(Thread.currentThread());
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            return Future.succeededFuture().compose(ready -> work.get()).onComplete(done -> atOnce.decrementAndGet());
        }

        @Override
        public Future<?> stop() {
            toStop.set(true);
            return turns().stop(stop);
        }

        void wake() {
            context.runOnContext(there -> turns().wake());
        }

        private Turns turns() {
            if (turns == null) {
                throw new IllegalStateException("not started");
            }
            return turns;
        }
    }

    private Counting deploy(Supplier<Future<Duration>> work) {
        var counting = new Counting(PATIENCE, work);
        vertx.deployVerticle(counting).await();
        return counting;
    }

    @Test
    void takesOneTurnAfterTheOtherAndNeverTwoAtOnce() {
        var counting = deploy(() -> vertx.timer(1).map(done -> begun.get() % 3 == 0 ? Duration.ZERO : SHORT));
        // Somebody rings in the middle of turns and of rests.
        until(PATIENCE, () -> {
            counting.wake();
            return begun.get() >= 30;
        });
        assertThat(mostAtOnce).hasValue(1);
    }

    @Test
    void restsUntilItIsWoken() {
        var counting = deploy(() -> Future.succeededFuture(LONG));
        until(PATIENCE, () -> begun.get() == 1);
        until(PATIENCE, () -> {
            counting.wake();
            return begun.get() >= 3;
        });
    }

    @Test
    void hasNoRestAfterATurnInWhichItWasWoken() {
        Promise<Duration> first = Promise.promise();
        var counting = deploy(() -> begun.get() == 1 ? first.future() : Future.succeededFuture(LONG));
        until(PATIENCE, () -> begun.get() == 1);
        counting.wake();
        first.complete(LONG);
        until(PATIENCE, () -> begun.get() == 2);
    }

    @Test
    void goesOnAfterATurnThatFailedAndOneThatThrew() {
        deploy(() -> switch (begun.get()) {
            case 1 -> Future.failedFuture("no answer");
            case 2 -> throw new IllegalStateException("the pool is closed");
            default -> Future.succeededFuture(LONG);
        });
        until(PATIENCE, () -> begun.get() == 3);
        assertThat(List.copyOf(failures)).containsExactly("no answer", "the pool is closed");
    }

    @Test
    void staysOnItsEventLoopWhenATimeoutEndsATurn() {
        deploy(() -> Promise.<Duration>promise().future().timeout(1, TimeUnit.MILLISECONDS));
        until(PATIENCE, () -> begun.get() >= 4);
        assertThat(threads).hasSize(1);
    }

    @Test
    void stopWaitsForTheTurnInHandAndNoOtherBegins() {
        Promise<Duration> turn = Promise.promise();
        var counting = deploy(turn::future);
        until(PATIENCE, () -> begun.get() == 1);
        var stopped = vertx.undeploy(counting.deploymentID());
        until(PATIENCE, counting.toStop::get);
        assertThat(stopped.isComplete()).isFalse();
        turn.fail("cut off by the stop");
        stopped.await();
        assertThat(begun).hasValue(1);
        assertThat(List.copyOf(failures)).isEmpty();
    }

    @Test
    void stopEndsARest() {
        var counting = deploy(() -> Future.succeededFuture(LONG));
        until(PATIENCE, () -> begun.get() == 1);
        vertx.undeploy(counting.deploymentID()).await();
        assertThat(begun).hasValue(1);
    }

    @Test
    void stopWaitsNoLongerThanItIsTold() {
        var counting = new Counting(SHORT, () -> Promise.<Duration>promise().future());
        vertx.deployVerticle(counting).await();
        until(PATIENCE, () -> begun.get() == 1);
        assertThatThrownBy(() -> vertx.undeploy(counting.deploymentID()).await())
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("PT0.005S");
    }
}
