package dev.redrive.grouping;

import dev.redrive.grouping.LetterMoveStore.Lying;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.job.JobOrder;
import dev.redrive.job.LockedLetter;
import dev.redrive.job.Work;
import dev.redrive.letter.LetterWalk.Slice;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a merge or a split leaves to be done: the letters that were stored before. Each is put where its group is by now,
 * so it does not matter how often that is done, in which order, and what else was merged meanwhile.
 */
enum MoveWork implements Work {
    MERGE("merge") {
        @Override
        @Nullable
        Long home(JobOrder job, Lying letter) {
            return letter.home();
        }
    },

    /** Options: {@code groups}, which come out; or {@code from} and {@code into}, where a rule does it. */
    SPLIT("split") {
        @Override
        public @Nullable Future<Slice> letters(SqlConnection connection, JobOrder job, long below, int limit) {
            var groups = job.options().getJsonArray("groups");
            return groups == null
                    ? null
                    : GroupMergeStore.away(connection, ids(groups), below, limit)
                            .map(ids ->
                                    new Slice(ids, ids.isEmpty() ? 0 : ids.get(ids.size() - 1), ids.size() < limit));
        }

        @Override
        @Nullable
        Long home(JobOrder job, Lying letter) {
            var into = job.options().getString("into");
            if (into == null) {
                return letter.home();
            }
            boolean ours = ids(job.options().getJsonArray("from")).contains(letter.home());
            return ours ? Long.valueOf(into) : null;
        }
    };

    private final String type;

    MoveWork(String type) {
        this.type = type;
    }

    static List<Long> ids(JsonArray texts) {
        return texts.stream().map(id -> Long.valueOf(id.toString())).toList();
    }

    static JsonArray texts(List<Long> ids) {
        return new JsonArray(ids.stream().map(String::valueOf).toList());
    }

    @Override
    public String type() {
        return type;
    }

    /** Without the merge that goes before it the job would mean nothing. */
    @Override
    public JsonObject options(JsonObject options) {
        throw RefusedException.invalidField(
                ProblemCode.VALIDATION_FAILED, "/type", "Ask POST /api/v1/failure-groups/{id}/" + type + "s for it");
    }

    @Override
    public boolean takesChanged() {
        return true;
    }

    /** @return the group that the letter belongs to from now on; null where it is not meant */
    abstract @Nullable Long home(JobOrder job, Lying letter);

    @Override
    public Future<Outcome> apply(SqlConnection connection, JobOrder job, List<LockedLetter> letters) {
        return LetterMoveStore.lying(
                        connection, letters.stream().map(LockedLetter::id).toList())
                .compose(lying -> {
                    var homes = new HashMap<Long, Long>();
                    for (var letter : lying) {
                        var home = home(job, letter);
                        if (home != null) {
                            homes.put(letter.letterId(), home);
                        }
                    }
                    return moved(connection, job, letters, homes, letter -> "belongs to another group");
                });
    }

    static Future<Outcome> moved(
            SqlConnection connection,
            JobOrder job,
            List<LockedLetter> letters,
            Map<Long, Long> homes,
            Function<LockedLetter, String> whyNot) {
        return LetterMoveStore.move(connection, job.id(), homes).map(moved -> {
            var done = new ArrayList<Done>();
            var left = new ArrayList<Left>();
            for (var letter : letters) {
                var now = moved.get(letter.id());
                if (now != null) {
                    var before = new JsonObject().put("failureGroupId", Long.toString(now.source()));
                    done.add(new Done(letter.id(), now.version(), before));
                } else {
                    left.add(new Left(
                            letter.id(),
                            homes.containsKey(letter.id()) ? "is where it belongs already" : whyNot.apply(letter),
                            false));
                }
            }
            return new Outcome(done, left);
        });
    }

    @Override
    public Future<Void> finish(SqlConnection connection, JobOrder job) {
        return LetterMoveStore.settle(connection, job.id());
    }
}
