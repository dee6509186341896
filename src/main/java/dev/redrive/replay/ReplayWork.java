package dev.redrive.replay;

import static java.util.Objects.requireNonNull;

import dev.redrive.Failpoint;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.job.JobOrder;
import dev.redrive.job.LockedLetter;
import dev.redrive.job.Work;
import dev.redrive.letter.LetterWalk.Slice;
import dev.redrive.transform.Transforms;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Replays the letters of a job. First every letter becomes a held replay, in batches; then they are let go in the order
 * of their origin, as many at a time as rate, canary and outcomes allow; the lanes do the rest. docs/jobs.md has the table
 * of crashes.
 */
final class ReplayWork implements Work {

    /** Of outcome windows. */
    private static final int PATIENCE = 10;

    /** Letters of results that a person may want to try again. */
    private static final List<String> RETRIES = List.of("failed", "returned", "cancelled", "uncertain");

    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration LATER = Duration.ofMillis(500);
    private static final int CANCELLED_AT_ONCE = 1_000;
    /** A second of each at most, and whoever pauses the job waits for the batch. */
    private static final int TRANSFORMED_AT_ONCE = 50;

    static final String PROGRAM = "/options/transform/program";

    private static final Duration BEHIND_OTHERS = Duration.ofMillis(100);

    private final JobTargets targets;
    private final LagWatch lags;
    private final int lanes;
    private final int maxAttempts;
    private final Transforms transforms;
    private final ReplayMetrics metrics;

    /**
     * @param clusters by the name of the settings; the caller closes them
     * @param outcomeWindow a consumer that does not come nearer for ten of them is not waited for any more
     */
    ReplayWork(
            Map<String, TargetCluster> clusters,
            int lanes,
            int maxAttempts,
            Duration outcomeWindow,
            Transforms transforms,
            ReplayMetrics metrics) {
        this.lags = new LagWatch(clusters, outcomeWindow.multipliedBy(PATIENCE));
        this.targets = new JobTargets(clusters, new TopicReaders());
        this.lanes = lanes;
        this.maxAttempts = maxAttempts;
        this.transforms = transforms;
        this.metrics = metrics;
    }

    @Override
    public String type() {
        return "replay";
    }

    @Override
    public JsonObject options(JsonObject options) {
        return ReplayOptions.of(options).toJson();
    }

    @Override
    public Future<Void> check(JsonObject options) {
        var transform = ReplayOptions.of(options).transform();
        return transform == null ? Future.succeededFuture() : transforms.check(transform, PROGRAM);
    }

    /** A program changes what is sent, as a draft does. */
    @Override
    public String permission(JsonObject options) {
        return options.getValue("transform") == null ? permission() : "edit";
    }

    @Override
    public int atOnce(JobOrder job) {
        return job.options().getValue("transform") == null ? atOnce() : TRANSFORMED_AT_ONCE;
    }

    @Override
    public Set<String> changeable() {
        return ReplayOptions.CHANGEABLE;
    }

    @Override
    public boolean goesOn() {
        return true;
    }

    @Override
    public List<String> retries() {
        return RETRIES;
    }

    @Override
    public Future<Long> retried(SqlConnection connection, JobOrder job) {
        return RetryStore.count(connection, requireNonNull(job.retry()));
    }

    @Override
    public @Nullable Future<Slice> letters(SqlConnection connection, JobOrder job, long below, int limit) {
        var retry = job.retry();
        return retry == null ? null : RetryStore.letters(connection, retry, below, limit);
    }

    @Override
    public Future<Outcome> apply(SqlConnection connection, JobOrder job, List<LockedLetter> letters) {
        var gathering = new Gathering(
                targets, ReplayOptions.of(job.options()), lanes, maxAttempts, new Transforming(transforms));
        var ids = letters.stream().map(LockedLetter::id).toList();
        var undecided =
                job.retry() == null ? Future.succeededFuture(Set.<Long>of()) : RetryStore.undecided(connection, ids);
        return ReplayJobStore.begin(connection, job.id())
                .compose(begun -> undecided)
                .compose(waiting -> gathering.gather(connection, job, letters, waiting));
    }

    @Override
    public Future<Step> goOn(SqlConnection connection, JobOrder job) {
        return ExclusionStore.next(connection, job.id())
                .compose(group -> group.isEmpty() ? decide(connection, job) : leaveOut(connection, job, group.get()));
    }

    /** Nothing goes before the letters of the failure group are out. */
    private Future<Step> leaveOut(SqlConnection connection, JobOrder job, long failureGroup) {
        return ExclusionStore.leaveOut(connection, job.id(), failureGroup, metrics)
                .map(left -> {
                    Failpoint.pass("job.left-out");
                    return new Again(Duration.ZERO, true);
                });
    }

    private Future<Step> decide(SqlConnection connection, JobOrder job) {
        return ReplayJobStore.begin(connection, job.id())
                .compose(begun -> ReplayJobStore.addUp(connection, job.id()))
                .compose(turn -> counted(connection, job, turn.progress()).compose(at -> turn(connection, job, turn)));
    }

    private static Future<Void> counted(SqlConnection connection, JobOrder job, ReplayProgress at) {
        return at.isCountOld()
                ? ReplayJobStore.counted(connection, job.id(), at.settled(), at.rateSince())
                : Future.succeededFuture();
    }

    private Future<Step> turn(SqlConnection connection, JobOrder job, ReplayJobStore.Turn turn) {
        var options = ReplayOptions.of(job.options());
        var at = turn.progress();
        boolean guarded = options.maxLag() > 0
                && at.held() > 0
                && (at.stage() == ReplayProgress.Stage.CANARY || at.stage() == ReplayProgress.Stage.SENDING);
        if (!guarded) {
            return decide(connection, job, turn, options, null);
        }
        return lags.of(connection, job.id(), at.settled())
                .compose(reading -> reading instanceof LagWatch.Pending
                        ? Future.succeededFuture(new Again(SOON, turn.moved()))
                        : decide(connection, job, turn, options, reading instanceof LagWatch.Lag lag ? lag : null));
    }

    private Future<Step> decide(
            SqlConnection connection,
            JobOrder job,
            ReplayJobStore.Turn turn,
            ReplayOptions options,
            LagWatch.@Nullable Lag lag) {
        var at = turn.progress();
        var unanswered = at.stage() == ReplayProgress.Stage.CANARY
                ? ReplayJobStore.unanswered(connection, job.id())
                : Future.succeededFuture(0L);
        return unanswered.map(letters -> Pace.decide(options, at, letters, lag)).compose(decision -> {
            if (decision instanceof Pace.Behind behind) {
                return waits(connection, job, turn, behind.lag());
            }
            if (at.waiting() != null && !(decision instanceof Pace.Stop)) {
                return ReplayJobStore.waits(connection, job.id(), null).map(new Again(Duration.ZERO, true));
            }
            if (decision instanceof Pace.LetGo go) {
                return letGo(connection, job, at, go, options);
            }
            if (decision instanceof Pace.Move move) {
                return ReplayJobStore.enter(connection, job.id(), move.to()).map(new Again(Duration.ZERO, true));
            }
            if (decision instanceof Pace.Stop stop) {
                return Future.succeededFuture(new Hold(stop.why()));
            }
            return Future.succeededFuture(
                    decision instanceof Pace.Wait wait
                            ? new Again(wait.pause(), turn.moved())
                            : new End(at.failed() + at.uncertain() + at.returned() > 0));
        });
    }

    private static Future<Step> waits(
            SqlConnection connection, JobOrder job, ReplayJobStore.Turn turn, LagWatch.Lag lag) {
        var before = turn.progress().waiting();
        boolean news = before == null || before.lag() != lag.letters();
        return ReplayJobStore.waits(connection, job.id(), lag).map(new Again(LATER, news || turn.moved()));
    }

    private static Future<Step> letGo(
            SqlConnection connection, JobOrder job, ReplayProgress at, Pace.LetGo go, ReplayOptions options) {
        var weaker = options.proven()
                ? LaneStore.weakest(connection, job.id())
                : Future.succeededFuture(Optional.<String>empty());
        return weaker.compose(lane -> lane.isEmpty()
                ? letGo(connection, job, at, go, options.strict())
                : Future.succeededFuture(
                        new Hold("The job asks for strict proof, and " + lane.get() + ". Resume when that is mended")));
    }

    private static Future<Step> letGo(
            SqlConnection connection, JobOrder job, ReplayProgress at, Pace.LetGo go, boolean strict) {
        return ReplayJobStore.letGo(connection, job.id(), go.letters(), go.letGoAt(), strict)
                .map(gone -> {
                    Failpoint.pass("job.let-go");
                    if (gone == 0 && at.live() == 0) {
                        return new Hold(
                                "%,d letters wait behind an earlier one of their key that failed. Replay or discard that one, then resume"
                                        .formatted(at.held()));
                    }
                    return gone == 0
                            ? new Again(BEHIND_OTHERS, false)
                            : new Again(gone < Pace.MOST_AT_ONCE ? Duration.ofMillis(20) : Duration.ZERO, true);
                });
    }

    @Override
    public Future<Boolean> clear(SqlConnection connection, JobOrder job) {
        return ReplayJobStore.cancel(connection, job.id(), CANCELLED_AT_ONCE, metrics)
                .onSuccess(more -> Failpoint.pass("job.cleared"));
    }

    @Override
    public Future<Void> resumed(SqlConnection connection, JobOrder job) {
        // It may have been paused before its first batch.
        return ReplayJobStore.begin(connection, job.id())
                .compose(begun -> ReplayJobStore.addUp(connection, job.id()))
                .compose(turn -> ReplayJobStore.forgive(connection, job.id()));
    }

    @Override
    public boolean excludes() {
        return true;
    }

    @Override
    public Future<JsonArray> troubles(SqlClient client, UUID job) {
        return ExclusionStore.troubles(client, job);
    }

    @Override
    public Future<Void> exclude(SqlConnection connection, JobOrder job, long failureGroup, String actor) {
        return ExclusionStore.add(connection, job.id(), failureGroup, actor).map(added -> {
            if (!added) {
                throw RefusedException.invalidField(
                        ProblemCode.UNPROCESSABLE, "/failureGroupId", "There is no failure group " + failureGroup);
            }
            return null;
        });
    }

    @Override
    public Future<Map<UUID, JsonObject>> progress(SqlClient client, List<UUID> jobs) {
        return ReplayJobStore.progress(client, jobs)
                .compose(found -> ExclusionStore.of(client, jobs).map(excluded -> {
                    var json = new HashMap<UUID, JsonObject>();
                    found.forEach((id, progress) -> json.put(
                            id, progress.toJson().put("exclusions", excluded.getOrDefault(id, new JsonArray()))));
                    return json;
                }));
    }
}
