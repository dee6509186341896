package dev.redrive.cluster;

import dev.redrive.LastingFailure;
import dev.redrive.TimeLimit;
import dev.redrive.Turns;
import dev.redrive.cluster.TopicNotice.End;
import dev.redrive.cluster.TopicNotice.Kind;
import dev.redrive.cluster.TopicTrouble.Subject;
import dev.redrive.postgres.Lease;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the dead-letter topics of one cluster, in one process at a time: letters that will expire unread, transactions
 * that hold letters back, and, one topic after the other, readiness that is lost. The lease only spares work: a second
 * one would write the same and tell nothing twice.
 */
final class TopicWatchVerticle extends VerticleBase {

    /**
     * @param interval between two looks; the readiness of one topic is measured in each
     * @param heldBack how long a last stable offset may rest while records lie behind it
     * @param readiness how old the readiness of a topic may become
     */
    record Pace(Duration interval, Duration heldBack, Duration readiness) {
        static final Pace STANDARD = new Pace(Duration.ofSeconds(30), Duration.ofSeconds(90), Duration.ofMinutes(10));
    }

    private static final Logger log = LoggerFactory.getLogger(TopicWatchVerticle.class);
    private static final Duration MOST = Duration.ofSeconds(60);
    private static final Duration LEASE_TIME = MOST.plusSeconds(40);
    private static final Duration STOP = Duration.ofSeconds(6);

    /** Until the first topic is read there is nothing to look at, and the first look is not to wait for long. */
    private static final Duration FIRST = Duration.ofSeconds(5);

    private final TopicCluster cluster;
    private final TopicWatchStore store;
    private final TopicEpisodes episodes;
    private final ReadinessDesk readiness;
    private final Clock clock;
    private final Pace pace;
    private final Lease lease;
    private final TopicLooker looker;
    private final TopicShapes shapes;
    private final UnreadLooker unread;
    private final HeldBack heldBack;
    private final Map<String, Instant> measured = new HashMap<>();
    private final LastingFailure failure;
    private Turns turns;
    private boolean looked;

    @SuppressWarnings("NullAway.Init") // turns begin in start(), which Vert.x calls first
    TopicWatchVerticle(
            TopicCluster cluster,
            NextRecords records,
            TopicNames names,
            TopicWatchStore store,
            TopicEpisodes episodes,
            ReadinessDesk readiness,
            Clock clock,
            Pace pace) {
        this.cluster = cluster;
        this.store = store;
        this.episodes = episodes;
        this.readiness = readiness;
        this.clock = clock;
        this.pace = pace;
        var name = cluster.settings().name();
        this.lease = new Lease(store.pool(), "topic-watch " + name, LEASE_TIME);
        this.failure = new LastingFailure(log, "The dead-letter topics of " + name + " cannot be watched for now");
        this.looker = new TopicLooker(cluster.admin(), new StillRead(cluster.settings(), names));
        this.shapes = new TopicShapes(
                cluster.admin(), new ConsumerLagStore(store.pool()), new TopicShapeStore(store.pool()), clock);
        this.unread = new UnreadLooker(records);
        this.heldBack = new HeldBack(cluster.admin(), pace.heldBack());
    }

    @Override
    public Future<?> start() {
        turns = Turns.begin(vertx, this::turn, this::failed);
        return Future.succeededFuture();
    }

    /** Waits for the look in hand. */
    @Override
    public Future<?> stop() {
        return turns.stop(STOP).compose(ended -> lease.giveBack()).otherwiseEmpty();
    }

    private Future<Duration> turn() {
        return TimeLimit.within(MOST, limit -> lease.whileOurs(() -> look(limit)))
                .map(done -> {
                    failure.over();
                    return rest();
                });
    }

    private Duration failed(Throwable cause) {
        failure.tell(cause);
        return rest();
    }

    private Duration rest() {
        return looked || pace.interval().compareTo(FIRST) < 0 ? pace.interval() : FIRST;
    }

    private Future<Void> look(TimeLimit limit) {
        return cluster.kafkaId()
                .compose(store::cluster)
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture()
                        : store.positions(found.get())
                                .compose(limit::pass)
                                .compose(looker::look)
                                .compose(limit::pass)
                                .compose(look -> judge(found.get(), look, limit)
                                        .compose(limit::pass)
                                        .compose(judged -> shapes.look(found.get(), limit))
                                        .compose(limit::pass)
                                        .compose(shown -> measureNext(found.get(), look, limit))));
    }

    private Future<Void> judge(short id, TopicLook look, TimeLimit limit) {
        var now = clock.instant();
        looked |= !look.partitions().isEmpty();
        readiness.forget(cluster.settings().name(), look.gone());
        var expiring = unread.look(look, now);
        var held =
                episodes.open(store.pool(), id, Kind.TRANSACTION).compose(open -> heldBack.troubles(look, open, now));
        return Future.all(expiring, held)
                .compose(limit::pass)
                .compose(both -> store.pool()
                        .withTransaction(connection -> store.expiry(
                                        connection, id, expiring.result().unread(), now)
                                .compose(saved -> RewindJobStore.gone(connection, id, look.gone(), now))
                                .compose(told -> store.forget(connection, id, look.gone()))
                                .compose(forgotten -> settle(connection, id, look, expiring.result(), held.result()))));
    }

    private Future<Void> settle(
            SqlConnection connection, short id, TopicLook look, UnreadLooker.Found expiring, List<TopicTrouble> held) {
        Function<Subject, Optional<End>> expiry =
                subject -> look.end(subject.topic(), !expiring.unknown().contains(subject.topic()));
        Function<Subject, Optional<End>> transaction =
                subject -> look.end(subject.topic(), !look.silent().contains(subject.place()));
        // Readiness is measured topic by topic, so here only that ends which is measured no more.
        Function<Subject, Optional<End>> unready = subject -> look.end(subject.topic(), false);
        return episodes.settle(connection, id, Kind.EXPIRY, expiring.troubles(), true, expiry)
                .compose(settled -> episodes.settle(connection, id, Kind.TRANSACTION, held, true, transaction))
                .compose(settled -> episodes.settle(connection, id, Kind.UNREADY, List.of(), false, unready));
    }

    /** The topic that was not measured for longest. One that cannot be measured has had its turn all the same. */
    private Future<Void> measureNext(short id, TopicLook look, TimeLimit limit) {
        var now = clock.instant();
        var topics = look.topics().keySet();
        measured.keySet().retainAll(topics);
        var next = topics.stream()
                .min(Comparator.comparing((String topic) -> measured.getOrDefault(topic, Instant.EPOCH))
                        .thenComparing(topic -> topic));
        if (next.isEmpty()
                || measured.getOrDefault(next.get(), Instant.EPOCH)
                        .plus(pace.readiness())
                        .isAfter(now)) {
            return Future.succeededFuture();
        }
        measured.put(next.get(), now);
        return readiness
                .of(cluster.settings().name(), next.get(), true)
                .<@Nullable Readiness>map(found -> found)
                .otherwise((Readiness) null)
                .compose(limit::pass)
                .compose(found -> found == null ? Future.succeededFuture() : keep(id, found));
    }

    /** Who pauses ingest knows of it, and {@code ingest} fails for that alone: it is shown, but it is no loss. */
    private Future<Void> keep(short id, Readiness found) {
        var failing = found.checks().stream()
                .filter(check -> check.level() == ReadinessLevel.FAIL)
                .map(check -> check.aspect().id())
                .toList();
        var lost = failing.stream()
                .filter(check -> !check.equals(ReadinessAspect.INGEST.id()))
                .toList();
        var troubles = lost.isEmpty() ? List.<TopicTrouble>of() : List.of(trouble(found, lost));
        // A topic that never was ready is shown; only the loss is told.
        return store.pool()
                .withTransaction(connection -> store.wasReady(connection, id, found.topic())
                        .compose(before -> store.keep(connection, id, found, failing)
                                .compose(kept -> episodes.settle(
                                        connection,
                                        id,
                                        Kind.UNREADY,
                                        troubles,
                                        before.orElse(false),
                                        subject -> subject.topic().equals(found.topic())
                                                ? Optional.of(End.WELL)
                                                : Optional.empty()))));
    }

    private static TopicTrouble trouble(Readiness found, List<String> failing) {
        return new TopicTrouble(
                Kind.UNREADY,
                found.topic(),
                TopicTrouble.WHOLE,
                new JsonObject().put("failing", new JsonArray(failing)));
    }
}
