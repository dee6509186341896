package dev.redrive.replay;

import dev.redrive.Failpoint;
import dev.redrive.job.JobOrder;
import dev.redrive.job.LockedLetter;
import dev.redrive.job.Work.Done;
import dev.redrive.job.Work.Outcome;
import dev.redrive.letter.Content;
import dev.redrive.letter.ContentCodec;
import dev.redrive.letter.LetterContentStore;
import dev.redrive.replay.GatherStore.Held;
import dev.redrive.replay.GatherStore.Meant;
import dev.redrive.replay.RevisionStore.Revision;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** One batch of letters that become held replays, or are left out with the reason. */
final class Gathering {

    /** Shorter than the lease of a batch, whose letters wait meanwhile. */
    private static final Duration MOST_READING = Duration.ofSeconds(10);

    private final ReplayOptions options;
    private final Sorting sorting;
    private final Warnings warnings;
    private final int lanes;
    private final Transforming transforming;

    Gathering(JobTargets targets, ReplayOptions options, int lanes, int maxAttempts, Transforming transforming) {
        this.options = options;
        this.transforming = transforming;
        this.sorting = new Sorting(targets, options, maxAttempts);
        this.warnings = new Warnings(targets, System.nanoTime() + MOST_READING.toNanos());
        this.lanes = lanes;
    }

    /**
     * @param letters locked, so that what is read of them holds
     * @param undecided letters of which nobody knows whether they were sent; they are left out
     */
    Future<Outcome> gather(SqlConnection connection, JobOrder job, List<LockedLetter> letters, Set<Long> undecided) {
        undecided.forEach(letter -> sorting.leave(letter, "is uncertain: first decide whether it was sent"));
        var ids = letters.stream()
                .map(LockedLetter::id)
                .filter(id -> !undecided.contains(id))
                .toList();
        return GatherStore.find(connection, ids)
                .compose(meant -> sorting.sort(connection, meant))
                .compose(sorted -> warnings.leaveOut(connection, sorting, options.skip()))
                .compose(meant -> revised(connection, job))
                .compose(revisions -> held(connection, revisions))
                .compose(held -> GatherStore.hold(connection, job.id(), options, job.actor(), job.reason(), held)
                        .map(versions -> new Outcome(
                                held.stream()
                                        .map(each -> each.letter().id())
                                        .map(id -> new Done(id, versions.getOrDefault(id, 0), null))
                                        .toList(),
                                sorting.left())));
    }

    /** What is sent of each letter that a program was run over. */
    private Future<Map<Long, Revision>> revised(SqlConnection connection, JobOrder job) {
        var transform = options.transform();
        return transform == null
                ? Future.succeededFuture(Map.of())
                : transforming
                        .revise(connection, job, transform, sorting)
                        .onSuccess(revised -> Failpoint.pass("job.transformed"));
    }

    /** One after the other, since few letters have to be looked into. */
    private Future<List<Held>> held(SqlConnection connection, Map<Long, Revision> revisions) {
        var held = new ArrayList<Held>();
        var all = Future.<Void>succeededFuture();
        for (var going : sorting.going()) {
            var letter = going.letter();
            var revision = revisions.get(letter.id());
            if (revision != null) {
                var source = revision.draftId() == null ? Source.ORIGINAL : Source.TRANSFORM;
                held.add(held(going, new Sent(source, revision.draftId(), revision.key(), revision.hash())));
                continue;
            }
            boolean known = sorting.sendsDraft(letter) ? !draft(letter).lookInside() : !letter.lookInside();
            if (known) {
                held.add(held(going, outside(letter)));
            } else {
                all = all.compose(before -> inside(connection, letter))
                        .onSuccess(sent -> held.add(held(going, sent)))
                        .mapEmpty();
            }
        }
        return all.map(held);
    }

    /** Key and hash of what is sent. */
    private record Sent(
            Source source, @Nullable Long draftId, @Nullable Buffer key, Buffer hash) {}

    private static GatherStore.Edit draft(Meant letter) {
        return Optional.ofNullable(letter.draft()).orElseThrow();
    }

    private Sent outside(Meant letter) {
        return sorting.sendsDraft(letter)
                ? new Sent(
                        Source.DRAFT,
                        draft(letter).id(),
                        draft(letter).key(),
                        draft(letter).hash())
                : new Sent(Source.ORIGINAL, null, letter.key(), letter.contentHash());
    }

    private Future<Sent> inside(SqlConnection connection, Meant letter) {
        if (sorting.sendsDraft(letter)) {
            var draft = draft(letter);
            return DraftStore.contents(connection, List.of(draft.id()))
                    .map(found -> new Sent(
                            Source.DRAFT,
                            draft.id(),
                            Optional.ofNullable(found.get(draft.id()))
                                    .map(Content::key)
                                    .orElse(null),
                            draft.hash()));
        }
        return LetterContentStore.content(connection, letter.id()).map(found -> {
            var content = found.map(ReplayContents::sendable).orElseThrow();
            return new Sent(Source.ORIGINAL, null, content.key(), ContentCodec.hash(content));
        });
    }

    private Held held(Sorting.Going going, Sent sent) {
        var id = ReplayId.next();
        var letter = going.letter();
        return new Held(
                id,
                letter,
                sent.source(),
                sent.draftId(),
                sent.hash(),
                going.topic(),
                going.target(),
                LaneId.laneOf(letter.kafkaId(), going.topic().name(), sent.key(), id, lanes),
                options.strict() ? orderKey(letter, going.topic(), sent.key()) : null);
    }

    /** Two keys that share it only wait for each other. */
    private static @Nullable Long orderKey(Meant letter, TargetTopics.Topic topic, @Nullable Buffer key) {
        if (key == null) {
            return null;
        }
        long place = 31L * letter.clusterId() + topic.name().hashCode();
        return (place << 32) ^ (Utils.murmur2(key.getBytes()) & 0xffffffffL);
    }
}
