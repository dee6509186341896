package dev.redrive.grouping;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.grouping.LetterMoveStore.Lying;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.job.JobOrder;
import dev.redrive.job.LockedLetter;
import dev.redrive.job.Work;
import dev.redrive.letter.Status;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes the fingerprint of stored letters anew, by the rules of today, and moves them to its group. Nobody is alerted of
 * a group that comes up, no group is woken, no status changes. What somebody split off by hand is left there, and what was
 * purged.
 */
final class RegroupWork implements Work {

    /** Traces of so many letters are in memory at a time, 256 KiB each at most. */
    private static final int READ_AT_ONCE = 50;

    private final Vertx vertx;
    private final AuditStore audit;
    private final FailureGroupStore groups = new FailureGroupStore();

    RegroupWork(Vertx vertx, AuditStore audit) {
        this.vertx = vertx;
        this.audit = audit;
    }

    @Override
    public String type() {
        return "regroup";
    }

    @Override
    public JsonObject options(JsonObject options) {
        for (var name : options.fieldNames()) {
            throw RefusedException.invalidField(
                    ProblemCode.VALIDATION_FAILED, "/options/" + name, "Not an option of this job");
        }
        return new JsonObject().put("fingerprintVersion", Fingerprinter.VERSION);
    }

    @Override
    public boolean takesChanged() {
        return true;
    }

    @Override
    public Future<Outcome> apply(SqlConnection connection, JobOrder job, List<LockedLetter> letters) {
        return LetterMoveStore.lying(
                        connection,
                        letters.stream()
                                .filter(letter -> letter.status() != Status.PURGED)
                                .map(LockedLetter::id)
                                .toList())
                .compose(lying -> {
                    var meant = lying.stream()
                            .filter(letter -> !letter.splitOff())
                            .map(Lying::letterId)
                            .toList();
                    return met(connection, meant, 0, new HashMap<>())
                            .compose(met -> move(connection, job, letters, met));
                });
    }

    /** On a worker: a trace may be long and strange. */
    private Future<Map<Long, NewGroup>> met(
            SqlConnection connection, List<Long> letters, int from, Map<Long, NewGroup> met) {
        if (from >= letters.size()) {
            return Future.succeededFuture(met);
        }
        var some = letters.subList(from, Math.min(letters.size(), from + READ_AT_ONCE));
        return RegroupStore.read(connection, some)
                .compose(stored -> vertx.executeBlocking(
                        () -> {
                            var groups = new HashMap<Long, NewGroup>();
                            stored.forEach(letter -> groups.put(letter.letterId(), group(letter)));
                            return groups;
                        },
                        false))
                .compose(groups -> {
                    met.putAll(groups);
                    return met(connection, letters, from + READ_AT_ONCE, met);
                });
    }

    private static NewGroup group(RegroupStore.Stored letter) {
        var reading = letter.reading();
        return new NewGroup(
                Fingerprinter.of(letter.topic(), reading),
                reading.origin().topic(),
                letter.topic(),
                reading.origin().consumerGroup(),
                reading.convention(),
                letter.failedAt().toInstant());
    }

    private Future<Outcome> move(
            SqlConnection connection, JobOrder job, List<LockedLetter> letters, Map<Long, NewGroup> met) {
        return groups.upsert(connection, met.values()).compose(upserted -> {
            var own = new HashMap<Long, Long>();
            met.forEach((letter, group) ->
                    own.put(letter, upserted.ids().get(group.fingerprint().hash())));
            var made = upserted.created().stream().map(FailureGroup::id).toList();
            return RegroupStore.homes(connection, own)
                    .compose(homes -> MoveWork.moved(connection, job, letters, homes, RegroupWork::whyNot))
                    .compose(outcome ->
                            RegroupStore.made(connection, job.id(), made).map(outcome));
        });
    }

    /** Of a purged letter message and trace are gone, and so is what it was grouped by. */
    private static String whyNot(LockedLetter letter) {
        return letter.status() == Status.PURGED ? "is purged" : "was split off by hand";
    }

    @Override
    public Future<Void> finish(SqlConnection connection, JobOrder job) {
        return LetterMoveStore.settle(connection, job.id())
                .compose(settled -> RegroupStore.carry(connection, job.id()))
                .compose(carried -> RegroupStore.moves(connection, job.id()))
                .compose(moves -> audit.recordAll(connection, events(job, moves)));
    }

    /** One for each group that letters left or came to; it names the largest moves. */
    private static List<AuditEvent> events(JobOrder job, List<Row> moves) {
        var events = new ArrayList<AuditEvent>();
        Set<Long> told = new HashSet<>();
        for (var move : moves) {
            for (var side : List.of("from", "to")) {
                long id = move.getLong(side + "_id");
                if (told.add(id)) {
                    events.add(new AuditEvent(
                            job.actor(),
                            "group-regrouped",
                            null,
                            GroupTriageRoutes.pathOf(id),
                            job.reason(),
                            GroupHistory.moves(job, id, moves),
                            null));
                }
            }
        }
        return events;
    }
}
