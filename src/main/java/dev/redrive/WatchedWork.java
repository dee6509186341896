package dev.redrive;

import dev.redrive.alert.AlertNotice;
import dev.redrive.alert.AlertSubject;
import dev.redrive.alert.Alerts;
import dev.redrive.alert.Condition;
import dev.redrive.alert.LaneNotice;
import dev.redrive.job.JobWatchStore;
import dev.redrive.job.JobWatchStore.Watched;
import dev.redrive.replay.ReplayWatchStore;
import dev.redrive.replay.ReplayWatchStore.OnHold;
import dev.redrive.replay.ReplayWatchStore.Uncertain;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;

/** What alerts are told of jobs and replays, of which they know nothing. */
final class WatchedWork {

    private static final String UNCERTAIN = "/letters?q=outcome%3Auncertain";

    private WatchedWork() {}

    static void tell(Alerts alerts) {
        alerts.lookingFor(
                        Condition.JOB_STOPPED,
                        (connection, since, now) -> JobWatchStore.stopped(connection, since)
                                .map(jobs -> jobs.stream()
                                        .map(job -> notice(Condition.JOB_STOPPED, job))
                                        .toList()))
                .lookingFor(
                        Condition.JOB_FINISHED,
                        (connection, since, now) -> JobWatchStore.finished(connection, since)
                                .map(jobs -> jobs.stream()
                                        .map(job -> notice(Condition.JOB_FINISHED, job))
                                        .toList()))
                .lookingFor(
                        Condition.REPLAY_UNCERTAIN,
                        (connection, since, now) -> ReplayWatchStore.uncertain(connection)
                                .compose(uncertain -> ReplayWatchStore.onHold(connection)
                                        .map(lanes -> {
                                            var notices = new ArrayList<AlertNotice>();
                                            uncertain.forEach(replays -> notices.add(notice(replays)));
                                            lanes.forEach(
                                                    lane -> notices.add(alerts.notice(notice(lane), lane.since())));
                                            return notices;
                                        })));
    }

    private static LaneNotice notice(OnHold lane) {
        var why = lane.why();
        return new LaneNotice(lane.cluster(), lane.lane(), lane.fence(), why == null ? "" : why);
    }

    private static AlertNotice notice(Uncertain replays) {
        boolean one = replays.replays() == 1;
        return AlertNotice.of(
                Condition.REPLAY_UNCERTAIN,
                AlertSubject.of(
                        AlertSubject.Kind.REPLAY,
                        replays.cluster() + "/uncertain",
                        "Replays into " + replays.cluster(),
                        replays.cluster()),
                replays.replays() + (one ? " replay into " : " replays into ") + replays.cluster()
                        + (one ? " is" : " are") + " uncertain: a person has to say whether it was sent",
                replays.replays(),
                replays.since(),
                UNCERTAIN,
                new JsonObject().put("cluster", replays.cluster()).put("replays", replays.replays()));
    }

    /** The reason that a job gives is Redrive's own sentence. */
    private static AlertNotice notice(Condition condition, Watched job) {
        var why = job.reason() == null || condition == Condition.JOB_FINISHED ? "" : ": " + job.reason();
        return AlertNotice.of(
                condition,
                AlertSubject.of(AlertSubject.Kind.JOB, job.id().toString(), job.type(), null),
                "Job " + job.type() + " is " + job.state() + why,
                job.done(),
                job.at(),
                "/jobs/" + job.id(),
                new JsonObject()
                        .put("jobId", job.id().toString())
                        .put("type", job.type())
                        .put("state", job.state())
                        .put("done", job.done())
                        .put("total", job.total()));
    }
}
