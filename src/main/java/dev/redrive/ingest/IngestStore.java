package dev.redrive.ingest;

import dev.redrive.Failpoint;
import dev.redrive.grouping.FailureGroup;
import dev.redrive.grouping.FailureGroupStore;
import dev.redrive.grouping.NewGroupListener;
import dev.redrive.ingest.Gap.Cause;
import dev.redrive.ingest.NewLetter.Place;
import dev.redrive.ingest.PositionStore.Displaced;
import dev.redrive.ingest.PositionStore.Move;
import dev.redrive.ingest.PositionStore.Stored;
import dev.redrive.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of ingest. Letters, their groups, alerts about new groups and our position are committed together
 * or not at all; that is what makes a letter stored once whatever dies when.
 */
final class IngestStore {

    /** @param stored letters that were not there before, by topic; the others had been read already */
    record Written(Map<Integer, Integer> stored, List<Displaced> displaced) {

        static Written of(Set<Place> stored, List<Displaced> displaced) {
            var counts = new HashMap<Integer, Integer>();
            stored.forEach(place -> counts.merge(place.topicRef(), 1, Integer::sum));
            return new Written(counts, displaced);
        }
    }

    private static final String NOTIFY = "SELECT pg_notify($1, $2)";

    /** Beyond this the answer is given up. The transaction may yet commit, which does no harm: it is repeatable. */
    private static final long TIMEOUT_SECONDS = 30;

    private final Pool pool;
    private final NewGroupListener newGroups;
    private final GapListener gaps;
    private final FailureGroupStore groupStore = new FailureGroupStore();
    private final LetterInsertStore letterStore = new LetterInsertStore();
    private final PositionStore positionStore = new PositionStore();
    private final GapStore gapStore = new GapStore();
    private final RewoundStore rewoundStore = new RewoundStore();

    IngestStore(Pool pool, NewGroupListener newGroups, GapListener gaps) {
        this.pool = pool;
        this.newGroups = newGroups;
        this.gaps = gaps;
    }

    /**
     * @param letters may be empty, when only positions move
     * @param moves one a partition
     */
    Future<Written> write(List<NewLetter> letters, List<Move> moves) {
        return pool.withTransaction(connection -> {
                    Failpoint.pass("ingest.insert");
                    return insert(connection, letters)
                            .compose(stored -> {
                                Failpoint.pass("ingest.inserted");
                                return positionStore
                                        .move(connection, moves)
                                        .compose(moved -> rewoundStore
                                                .count(connection, moved.again(), letters, stored)
                                                .map(counted -> Written.of(stored, moved.displaced())));
                            })
                            .compose(written -> notify(connection, written, moves))
                            .map(written -> {
                                Failpoint.pass("ingest.moved");
                                return written;
                            });
                })
                .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private Future<Set<Place>> insert(SqlConnection connection, List<NewLetter> letters) {
        if (letters.isEmpty()) {
            return Future.succeededFuture(Set.of());
        }
        var groups = letters.stream().map(NewLetter::group).toList();
        return groupStore
                .upsert(connection, groups)
                .compose(upserted -> letterStore
                        .insert(connection, letters, upserted.ids())
                        .compose(stored -> tell(connection, upserted.created()).map(told -> stored)));
    }

    private Future<Void> tell(SqlConnection connection, List<FailureGroup> created) {
        return created.isEmpty() ? Future.succeededFuture() : newGroups.created(connection, created);
    }

    /** A hint and no more: whoever hears it asks again. */
    private static Future<Written> notify(SqlConnection connection, Written written, List<Move> moves) {
        if (written.stored().isEmpty()) {
            return Future.succeededFuture(written);
        }
        var topics = moves.stream()
                .map(move -> move.binding().partition().topic())
                .distinct()
                .limit(20)
                .toList();
        var hint = new JsonObject()
                .put("what", "letters")
                .put("topics", new JsonArray(topics))
                .encode();
        return connection
                .preparedQuery(NOTIFY)
                .execute(Tuple.of(Database.CHANGED, hint))
                .map(told -> written);
    }

    /**
     * Notes that Kafka no longer has what lies between, and moves the position past it. What was read before a job went
     * back is no gap.
     *
     * @param from first offset of the gap, {@code to} the one after its last
     */
    Future<Void> skip(Incarnation incarnation, long position, long goOnAt, long from, long to, Cause cause) {
        int partition = incarnation.partition().partition();
        return pool.<@Nullable Void>withTransaction(connection -> positionStore
                        .jump(connection, incarnation.topicRef(), partition, position, goOnAt)
                        .compose(jumped -> cause == Cause.RETENTION
                                ? rewoundStore.stoodAt(connection, incarnation.topicRef(), partition, from)
                                : rewoundStore
                                        .cutOff(connection, incarnation.topicRef(), partition, position)
                                        .map(from))
                        .compose(unread -> unread < to || cause != Cause.RETENTION
                                ? note(connection, incarnation, unread, to, cause)
                                : Future.succeededFuture()))
                .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private Future<Void> note(SqlConnection connection, Incarnation incarnation, long from, long to, Cause cause) {
        int partition = incarnation.partition().partition();
        return gapStore.note(connection, incarnation.topicRef(), partition, from, to, cause)
                .compose(id -> id.isEmpty()
                        ? Future.succeededFuture()
                        : gaps.noticed(connection, gap(incarnation, id.get(), from, to, cause)));
    }

    private static Gap gap(Incarnation incarnation, long id, long from, long to, Cause cause) {
        var partition = incarnation.partition();
        return new Gap(id, incarnation.cluster(), partition.topic(), partition.partition(), from, to, cause);
    }

    /** Notes that an older topic of this name went away, once for each of its partitions that we had read. */
    Future<Void> noteRecreation(Incarnation incarnation) {
        int partition = incarnation.partition().partition();
        return pool.<@Nullable Void>withTransaction(connection -> gapStore.noteRecreation(
                                connection, incarnation.topicRef(), partition)
                        .compose(noted -> {
                            Future<Void> told = Future.succeededFuture();
                            for (var row : noted) {
                                var gap = gap(incarnation, row.id(), row.from(), row.to(), Cause.RECREATION);
                                told = told.compose(before -> gaps.noticed(connection, gap));
                            }
                            return told;
                        }))
                .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    Future<Optional<Stored>> position(Incarnation incarnation) {
        return positionStore.find(
                pool, incarnation.topicRef(), incarnation.partition().partition());
    }

    Future<Void> begin(Incarnation incarnation, long next) {
        return positionStore.begin(
                pool, incarnation.topicRef(), incarnation.partition().partition(), next);
    }
}
