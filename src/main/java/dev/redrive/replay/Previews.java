package dev.redrive.replay;

import dev.redrive.job.SelectedLetters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Looks at the letters of a selection as a job that replays them would, for a few seconds, and changes nothing. */
final class Previews {

    private static final int PAGE = 500;
    private static final int MOST_LETTERS = 20_000;
    private static final long LONGEST_NANOS = 3_000_000_000L;
    private static final long KAFKA_SECONDS = 5;

    private final Pool pool;
    private final Map<String, TargetCluster> clusters;
    private final TopicReaders readers = new TopicReaders();
    private final int maxAttempts;

    /** @param clusters by the name of the settings */
    Previews(Pool pool, Map<String, TargetCluster> clusters, int maxAttempts) {
        this.pool = pool;
        this.clusters = Map.copyOf(clusters);
        this.maxAttempts = maxAttempts;
    }

    /** @param first letters that go, as they are; @param all whether these are all of them */
    record Seen(JsonObject json, List<Sorting.Going> first, boolean all) {}

    /** What does not change while it looks. */
    private record Look(SelectedLetters letters, ReplayOptions options, JobTargets targets, long deadline) {}

    /** Fails with {@code not-found} or {@code selection-expired}, and where Kafka does not answer. */
    Future<Seen> of(UUID selection, ReplayOptions options) {
        return SelectedLetters.find(pool, selection)
                .compose(letters -> {
                    var look = new Look(
                            letters, options, new JobTargets(clusters, readers), System.nanoTime() + LONGEST_NANOS);
                    var seen = Promise.<Preview>promise();
                    walk(look, Long.MAX_VALUE, new Preview(), seen);
                    return seen.future();
                })
                .compose(preview -> ask(preview)
                        .compose(groups -> retryTopics(preview, groups)
                                .map(offers ->
                                        new Seen(preview.toJson(groups, offers), preview.first(), preview.hasAll()))));
    }

    /** What they say about a target of the job is more than who committed an offset there. */
    private Future<List<RetryTopics.Offer>> retryTopics(Preview preview, Map<Preview.Place, List<String>> groups) {
        var source = preview.source().orElse(null);
        var cluster = source == null ? null : clusters.get(source.cluster());
        if (source == null || cluster == null) {
            return Future.succeededFuture(List.of());
        }
        return RetryTopics.of(cluster, readers, source)
                .timeout(KAFKA_SECONDS, TimeUnit.SECONDS)
                .otherwise(List.of())
                .onSuccess(offers -> offers.forEach(offer -> groups.computeIfPresent(
                        new Preview.Place(source.cluster(), offer.topic()), (place, committed) -> offer.groups())));
    }

    /** With a promise, because a chain of composed pages would grow for as long as it looks. */
    private void walk(Look look, long below, Preview preview, Promise<Preview> seen) {
        pool.withConnection(connection -> look.letters()
                        .next(connection, below, PAGE)
                        .compose(slice -> {
                            var sorting = new Sorting(look.targets(), look.options(), maxAttempts);
                            return page(connection, look, slice.ids(), sorting, preview)
                                    .map(slice);
                        }))
                .onFailure(seen::fail)
                .onSuccess(slice -> {
                    if (slice.end()) {
                        seen.complete(preview);
                    } else if (preview.looked() >= MOST_LETTERS || System.nanoTime() > look.deadline()) {
                        preview.stoppedEarly();
                        seen.complete(preview);
                    } else {
                        walk(look, slice.nextBelow(), preview, seen);
                    }
                });
    }

    /** What a batch of the job would come to, letter by letter. */
    private static Future<Void> page(
            SqlConnection connection, Look look, List<Long> ids, Sorting sorting, Preview preview) {
        var warnings = new Warnings(look.targets(), look.deadline());
        return look.letters()
                .changed(connection, ids)
                .compose(changed -> {
                    changed.forEach(letter -> sorting.leave(letter, SelectedLetters.CHANGED));
                    return GatherStore.find(
                            connection,
                            ids.stream().filter(id -> !changed.contains(id)).toList());
                })
                .compose(meant -> ReplayPlans.answered(sorting.sort(connection, meant)))
                .compose(sorted -> ReplayPlans.answered(
                        warnings.leaveOut(connection, sorting, look.options().skip())))
                .compose(left -> warnings.known(connection, sorting))
                .compose(warned -> WarningStore.earlier(connection, sorting.goingIds())
                        .compose(earlier -> warnings.compared(sorting)
                                .onSuccess(compared -> preview.add(sorting, warned, earlier, compared))))
                .mapEmpty();
    }

    /** Who reads each target; null where Kafka does not tell. */
    private Future<Map<Preview.Place, List<String>>> ask(Preview preview) {
        var asked = new HashMap<Preview.Place, List<String>>();
        var all = Future.<Void>succeededFuture();
        for (var place : preview.places()) {
            var cluster = clusters.get(place.cluster());
            if (cluster != null) {
                all = all.compose(before -> readers.of(cluster, place.topic())
                                .timeout(KAFKA_SECONDS, TimeUnit.SECONDS)
                                .onSuccess(groups -> asked.put(place, groups))
                                .otherwiseEmpty())
                        .mapEmpty();
            }
        }
        return all.map(asked);
    }
}
