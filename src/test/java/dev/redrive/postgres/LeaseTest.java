package dev.redrive.postgres;

import static dev.redrive.testkit.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.redrive.Settings;
import dev.redrive.Turns;
import dev.redrive.testkit.Postgres;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaseTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration REST = Duration.ofMillis(5);

    private final Vertx vertx = Vertx.vertx();
    private final Pool pool =
            new Database(new Settings.Database(Postgres.shared().freshDatabase(), 4)).open(vertx);
    private final Lease first = new Lease(pool, "alerts", HOUR);
    private final Lease second = new Lease(pool, "alerts", HOUR);

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void isOfOneOwnerWhoMayRenewIt() {
        assertThat(first.take().await()).isTrue();
        assertThat(second.take().await()).isFalse();
        assertThat(first.take().await()).isTrue();
        assertThat(new Lease(pool, "retention", HOUR).take().await()).isTrue();
    }

    @Test
    void isTakenByAnotherOneWhenItHasEnded() {
        assertThat(first.take().await()).isTrue();
        pool.query("UPDATE lease SET until = now() - interval '1 second'")
                .execute()
                .await();
        assertThat(second.take().await()).isTrue();
        assertThat(first.take().await()).isFalse();
    }

    @Test
    void isTakenAtOnceWhenItWasGivenBackAndNobodyGivesBackThatOfAnother() {
        assertThat(first.take().await()).isTrue();
        second.giveBack().await();
        assertThat(second.take().await()).isFalse();
        first.giveBack().await();
        assertThat(second.take().await()).isTrue();
    }

    @Test
    void worksOnlyWhileItIsOurs() {
        var done = new AtomicInteger();
        for (var lease : List.of(first, second, first)) {
            lease.whileOurs(() -> {
                        done.incrementAndGet();
                        return Future.succeededFuture();
                    })
                    .await();
        }
        assertThat(done).hasValue(2);
    }

    @Test
    void aClosedPoolFailsNoGivingBack() {
        assertThat(first.take().await()).isTrue();
        pool.close().await();
        assertThatCode(() -> first.giveBack().await()).doesNotThrowAnyException();
    }

    /** As those are that watch: it counts the turns in which the lease was its own. */
    private static final class Watching extends VerticleBase {

        private final Lease lease;
        private final AtomicInteger looks = new AtomicInteger();
        private final AtomicInteger failures = new AtomicInteger();
        private @Nullable Turns turns;

        Watching(Lease lease) {
            this.lease = lease;
        }

        @Override
        public Future<?> start() {
            turns = Turns.begin(vertx, () -> lease.whileOurs(this::look).map(REST), failure -> {
                failures.incrementAndGet();
                return REST;
            });
            return Future.succeededFuture();
        }

        private Future<Void> look() {
            looks.incrementAndGet();
            return Future.succeededFuture();
        }

        @Override
        public Future<?> stop() {
            return turns == null
                    ? Future.succeededFuture()
                    : turns.stop(PATIENCE).compose(ended -> lease.giveBack());
        }
    }

    @Test
    void oneOfTwoProcessesWorksAndTheOtherOneGoesOnWhenItStops() {
        var one = new Watching(first);
        var other = new Watching(second);
        vertx.deployVerticle(one).await();
        until(PATIENCE, () -> one.looks.get() >= 1);
        vertx.deployVerticle(other).await();
        int before = one.looks.get();
        until(PATIENCE, () -> one.looks.get() >= before + 5);
        assertThat(other.looks).hasValue(0);
        vertx.undeploy(one.deploymentID()).await();
        until(PATIENCE, () -> other.looks.get() >= 1);
    }

    @Test
    void aWatchWhosePoolIsClosedFailsItsTurnsAndStopsAllTheSame() {
        var one = new Watching(first);
        vertx.deployVerticle(one).await();
        until(PATIENCE, () -> one.looks.get() >= 1);
        pool.close().await();
        until(PATIENCE, () -> one.failures.get() >= 2);
        vertx.undeploy(one.deploymentID()).await();
    }
}
