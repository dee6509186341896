package dev.redrive.replay;

import dev.redrive.transform.Transform;
import dev.redrive.transform.Transformed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the program of a job would do, tried with some of the letters; nothing of it is kept. */
final class TransformPreview {

    /** Letters that are tried at most. */
    static final int MOST = 200;

    private static final long LONGEST_NANOS = 5_000_000_000L;

    private final Vertx vertx;
    private final Pool pool;
    private final Transforming transforming;

    TransformPreview(Vertx vertx, Pool pool, Transforming transforming) {
        this.vertx = vertx;
        this.pool = pool;
        this.transforming = transforming;
    }

    /** Counts, and the samples alone: the bytes of all the others would be too much to hold. */
    private static final class Trial {
        private final int most;
        private final List<Transforming.Tried> samples = new ArrayList<>();
        private int tried;
        private int changed;
        private int failed;

        Trial(int most) {
            this.most = most;
        }

        void add(Transforming.Tried each) {
            tried++;
            if (each.made() instanceof Transformed.Failed && failed++ < most
                    || each.made() instanceof Transformed.Changed && changed++ < most) {
                samples.add(each);
            }
        }
    }

    /**
     * @param letters at most {@link #MOST}
     * @param all whether these are all that the job would send
     * @param samples of each kind, at most
     */
    Future<JsonObject> of(Transform transform, List<Sorting.Going> letters, boolean all, int samples) {
        return trial(transform, letters, new Trial(samples), System.nanoTime() + LONGEST_NANOS)
                .compose(trial ->
                        vertx.executeBlocking(() -> json(trial, all && trial.tried == letters.size()), false));
    }

    private Future<Trial> trial(Transform transform, List<Sorting.Going> rest, Trial trial, long deadline) {
        if (rest.isEmpty() || System.nanoTime() > deadline) {
            return Future.succeededFuture(trial);
        }
        return transforming.some(pool, transform, rest).compose(some -> {
            some.forEach(trial::add);
            return trial(transform, rest.subList(some.size(), rest.size()), trial, deadline);
        });
    }

    private static JsonObject json(Trial trial, boolean all) {
        var samples = new JsonArray();
        for (var each : trial.samples) {
            if (each.made() instanceof Transformed.Failed why) {
                samples.add(sample(each, "failed", Transforming.LEFT_OUT + why.told(), null));
            } else if (each.made() instanceof Transformed.Changed made) {
                samples.add(sample(
                        each, "changed", null, DraftDiff.part(each.before().value(), made.value())));
            }
        }
        return new JsonObject()
                .put("tried", new JsonObject().put("value", trial.tried).put("relation", all ? "eq" : "gte"))
                .put("changed", trial.changed)
                .put("unchanged", trial.tried - trial.changed - trial.failed)
                .put("failed", trial.failed)
                .put("samples", samples);
    }

    private static JsonObject sample(
            Transforming.Tried tried, String result, @Nullable String why, @Nullable JsonObject value) {
        return new JsonObject()
                .put("letterId", Long.toString(tried.going().letter().id()))
                .put("result", result)
                .put("why", why)
                .put("value", value);
    }
}
