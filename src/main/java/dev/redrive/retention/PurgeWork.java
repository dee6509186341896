package dev.redrive.retention;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.job.JobOrder;
import dev.redrive.job.LockedLetter;
import dev.redrive.job.Work;
import dev.redrive.letter.Status;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes the bytes of letters for good: the one job that cannot be undone, so it waits an hour unless the caller says
 * otherwise. Open letters only where that is said; letters that are being replayed never.
 */
final class PurgeWork implements Work {

    private static final String INCLUDE_OPEN = "includeOpen";
    private static final Duration DELAY = Duration.ofHours(1);

    /** A letter can hold 64 MiB in 256 pieces, so fewer than of other jobs. */
    private static final int AT_ONCE = 200;

    @Override
    public String type() {
        return "purge";
    }

    @Override
    public String permission() {
        return "admin";
    }

    @Override
    public Duration delay() {
        return DELAY;
    }

    @Override
    public int atOnce() {
        return AT_ONCE;
    }

    @Override
    public JsonObject options(JsonObject options) {
        for (var name : options.fieldNames()) {
            if (!name.equals(INCLUDE_OPEN)) {
                throw invalid(name, "Not an option of this job");
            }
        }
        if (!(options.getValue(INCLUDE_OPEN, false) instanceof Boolean includeOpen)) {
            throw invalid(INCLUDE_OPEN, "Either true or false");
        }
        return new JsonObject().put(INCLUDE_OPEN, includeOpen);
    }

    private static RefusedException invalid(String option, String detail) {
        return RefusedException.invalidField(ProblemCode.VALIDATION_FAILED, "/options/" + option, detail);
    }

    @Override
    public Future<Outcome> apply(SqlConnection connection, JobOrder job, List<LockedLetter> letters) {
        boolean includeOpen = job.options().getBoolean(INCLUDE_OPEN, false);
        var ids = letters.stream().map(LockedLetter::id).toList();
        return PurgeStore.live(connection, ids).compose(live -> {
            var left = new ArrayList<Left>();
            var rest = new ArrayList<Long>();
            for (var letter : letters) {
                if (letter.status() == Status.PURGED || letter.status() == Status.REPLAYING) {
                    left.add(new Left(letter.id(), "is " + letter.status().word(), false));
                } else if (letter.status() == Status.OPEN && !includeOpen) {
                    left.add(new Left(letter.id(), "is open, and the job was not told to purge open letters", false));
                } else if (live.contains(letter.id())) {
                    left.add(new Left(letter.id(), "has a replay that is not settled", false));
                } else {
                    rest.add(letter.id());
                }
            }
            return PurgeStore.purge(connection, rest, null).map(versions -> {
                var done = new ArrayList<Done>();
                versions.forEach((id, version) -> done.add(new Done(id, version, null)));
                return new Outcome(done, left);
            });
        });
    }
}
