package dev.redrive.replay;

import dev.redrive.job.JobOrder;
import dev.redrive.letter.Content;
import dev.redrive.letter.ContentCodec;
import dev.redrive.letter.LetterContentStore;
import dev.redrive.replay.RevisionStore.Revision;
import dev.redrive.transform.Transform;
import dev.redrive.transform.Transformed;
import dev.redrive.transform.Transforms;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs the program of a job over the letters of a batch. The program runs in a process of its own while the transaction of
 * the batch waits, a few letters at a time and a few seconds at most, so that the lease of the batch does not run out.
 */
final class Transforming {

    private static final int MOST = 16;
    private static final long MOST_BYTES = 8 << 20;

    /** The beginning of the end of the sentence "Left out, because it …". */
    static final String LEFT_OUT = "was not transformed: its value ";

    private final Transforms transforms;

    Transforming(Transforms transforms) {
        this.transforms = transforms;
    }

    /** What a letter holds, and what the program makes of it. */
    record Tried(Sorting.Going going, Content before, Transformed made) {}

    /** @param letters of which the first ones are tried, one at least; @return in the same order */
    Future<List<Tried>> some(SqlClient client, Transform transform, List<Sorting.Going> letters) {
        var first = first(letters);
        var ids = first.stream().map(going -> going.letter().id()).toList();
        return LetterContentStore.contents(client, ids).compose(found -> {
            var contents = new ArrayList<Content>();
            var values = new ArrayList<@Nullable Buffer>();
            for (var id : ids) {
                // Gone meanwhile, where nothing is locked.
                var content = Optional.ofNullable(found.get(id))
                        .map(ReplayContents::sendable)
                        .orElseGet(() -> new Content(null, null, List.of()));
                contents.add(content);
                values.add(content.value());
            }
            return transforms.apply(transform, values).map(made -> {
                var tried = new ArrayList<Tried>();
                for (int i = 0; i < made.size(); i++) {
                    tried.add(new Tried(first.get(i), contents.get(i), made.get(i)));
                }
                return List.copyOf(tried);
            });
        });
    }

    private static List<Sorting.Going> first(List<Sorting.Going> letters) {
        int count = 0;
        long bytes = 0;
        while (count < Math.min(MOST, letters.size())
                && (count == 0 || bytes + letters.get(count).letter().size() <= MOST_BYTES)) {
            bytes += letters.get(count).letter().size();
            count++;
        }
        return letters.subList(0, count);
    }

    /**
     * Keeps what is made in the transaction of the batch. Letters that the program fails with are left out.
     *
     * @return what is sent of each letter that the program had; those that go with their draft are missing
     */
    Future<Map<Long, Revision>> revise(SqlConnection connection, JobOrder job, Transform transform, Sorting sorting) {
        var letters = sorting.going().stream()
                .filter(going -> !sorting.sendsDraft(going.letter()))
                .toList();
        return revise(connection, job, transform, sorting, letters, new HashMap<>());
    }

    private Future<Map<Long, Revision>> revise(
            SqlConnection connection,
            JobOrder job,
            Transform transform,
            Sorting sorting,
            List<Sorting.Going> rest,
            Map<Long, Revision> revisions) {
        if (rest.isEmpty()) {
            return Future.succeededFuture(revisions);
        }
        return some(connection, transform, rest)
                .compose(tried -> RevisionStore.keep(connection, job, changed(tried))
                        .compose(kept -> {
                            revisions.putAll(kept);
                            tried.forEach(each -> settle(each, transform, sorting, revisions));
                            return revise(
                                    connection,
                                    job,
                                    transform,
                                    sorting,
                                    rest.subList(tried.size(), rest.size()),
                                    revisions);
                        }));
    }

    private static List<RevisionStore.Made> changed(List<Tried> tried) {
        var changed = new ArrayList<RevisionStore.Made>();
        for (var each : tried) {
            if (each.made() instanceof Transformed.Changed made) {
                var before = each.before();
                changed.add(new RevisionStore.Made(
                        each.going().letter().id(), new Content(before.key(), made.value(), before.headers())));
            }
        }
        return changed;
    }

    private static void settle(Tried tried, Transform transform, Sorting sorting, Map<Long, Revision> revisions) {
        var going = tried.going();
        if (tried.made() instanceof Transformed.Failed failed) {
            // Whoever sees the job need not be allowed to read values.
            sorting.fail(going, LEFT_OUT + failed.why());
        } else if (tried.made() instanceof Transformed.Unchanged) {
            if (transform.sendsUnchanged()) {
                var content = tried.before();
                revisions.put(going.letter().id(), new Revision(null, content.key(), ContentCodec.hash(content)));
            } else {
                sorting.takeOut(going, "is not changed by the program");
            }
        }
    }
}
