package dev.redrive.replay;

import dev.redrive.job.JobOrder;
import dev.redrive.job.LockedLetter;
import dev.redrive.job.Work.Done;
import dev.redrive.job.Work.Left;
import dev.redrive.job.Work.Outcome;
import dev.redrive.letter.Content;
import dev.redrive.letter.ContentCodec;
import dev.redrive.letter.LetterContentStore;
import dev.redrive.letter.Status;
import dev.redrive.replay.GatherStore.Held;
import dev.redrive.replay.GatherStore.Meant;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** One batch of letters that become held replays, or are left out with the reason. */
final class Gathering {

    private final JobTargets targets;
    private final DraftStore drafts;
    private final ReplayOptions options;
    private final int lanes;
    private final int maxAttempts;

    Gathering(JobTargets targets, Pool pool, ReplayOptions options, int lanes, int maxAttempts) {
        this.targets = targets;
        this.drafts = new DraftStore(pool);
        this.options = options;
        this.lanes = lanes;
        this.maxAttempts = maxAttempts;
    }

    /** What is known of a batch while its letters are looked at one after the other. */
    private record Sorted(List<Held> held, List<Left> left) {

        static Sorted empty() {
            return new Sorted(new ArrayList<>(), new ArrayList<>());
        }

        void leave(long letter, String why) {
            left.add(new Left(letter, why, false));
        }
    }

    Future<Outcome> gather(SqlConnection connection, JobOrder job, List<LockedLetter> letters) {
        var sorted = Sorted.empty();
        var open = new ArrayList<Long>();
        for (var letter : letters) {
            if (letter.status() == Status.OPEN) {
                open.add(letter.id());
            } else {
                sorted.leave(letter.id(), "is " + letter.status().word());
            }
        }
        return GatherStore.find(connection, open)
                .compose(meant -> sort(connection, meant, sorted))
                .compose(done ->
                        GatherStore.hold(connection, job.id(), options, job.actor(), job.reason(), sorted.held()))
                .map(versions -> new Outcome(
                        sorted.held().stream()
                                .map(held -> new Done(
                                        held.letter().id(),
                                        versions.getOrDefault(held.letter().id(), 0),
                                        null))
                                .toList(),
                        sorted.left()));
    }

    /** One after the other, since few letters have to be looked into and the targets are few. */
    private Future<Void> sort(SqlConnection connection, List<Meant> meant, Sorted sorted) {
        var topics = new HashMap<JobTargets.Place, Optional<JobTargets.Found>>();
        var all = Future.<Void>succeededFuture();
        for (var letter : meant) {
            var why = whyNot(letter);
            var target = target(letter);
            var topic = target.topic() == null ? letter.originTopic() : target.topic();
            if (why != null || topic == null) {
                sorted.leave(letter.id(), why == null ? "does not say which topic it came from" : why);
                continue;
            }
            var place = new JobTargets.Place(letter.cluster(), letter.clusterId(), topic);
            if (!topics.containsKey(place)) {
                topics.put(place, Optional.empty());
                all = all.compose(before -> targets.find(connection, place))
                        .onSuccess(found -> topics.put(place, found))
                        .mapEmpty();
            }
        }
        return all.compose(known -> hold(connection, meant, sorted, topics));
    }

    private @Nullable String whyNot(Meant letter) {
        if (letter.draft() != null && options.drafts() == ReplayOptions.Drafts.SKIP) {
            return "has a draft";
        }
        if (!sendsDraft(letter) && !letter.replayable()) {
            return "does not hold what failed";
        }
        return letter.returns() >= maxAttempts && !options.overrides().contains(Replays.LOOP)
                ? "came back " + letter.returns() + " times and is parked"
                : null;
    }

    private boolean sendsDraft(Meant letter) {
        return letter.draft() != null && options.drafts() == ReplayOptions.Drafts.SEND;
    }

    /** What the job says, else what the draft says, else the origin. */
    private Target target(Meant letter) {
        if (options.target() != null) {
            return options.target();
        }
        return sendsDraft(letter) && letter.draft() != null ? letter.draft().target() : Target.ORIGIN;
    }

    private Future<Void> hold(
            SqlConnection connection,
            List<Meant> meant,
            Sorted sorted,
            Map<JobTargets.Place, Optional<JobTargets.Found>> topics) {
        var left = new HashSet<Long>();
        sorted.left().forEach(each -> left.add(each.letterId()));
        var all = Future.<Void>succeededFuture();
        for (var letter : meant) {
            if (left.contains(letter.id())) {
                continue;
            }
            var target = target(letter);
            var name = target.topic() == null ? String.valueOf(letter.originTopic()) : target.topic();
            var found = topics.getOrDefault(
                    new JobTargets.Place(letter.cluster(), letter.clusterId(), name), Optional.empty());
            var why = whyNot(letter, target, name, found);
            if (why != null || found.isEmpty()) {
                sorted.leave(letter.id(), String.valueOf(why));
                continue;
            }
            var topic = found.get().topic();
            all = all.compose(before -> sent(connection, letter))
                    .onSuccess(content -> sorted.held().add(held(letter, target, topic, content)))
                    .mapEmpty();
        }
        return all;
    }

    private @Nullable String whyNot(Meant letter, Target target, String name, Optional<JobTargets.Found> found) {
        if (found.isEmpty()) {
            return "would go to " + name + ", which is not there, or Redrive may not see it";
        }
        var topic = found.get().topic();
        if (found.get().isRead() && !options.overrides().contains(Preflight.DEAD_LETTER_TOPIC)) {
            return "would go to " + name + ", which Redrive reads";
        }
        if (!topic.mayWrite()) {
            return "would go to " + name + ", where Redrive has no right to write";
        }
        var partition = target.partitioning() == Partitioning.ORIGINAL ? letter.originPartition() : target.partition();
        return Preflight.badPartition(target.partitioning(), partition, topic) == null
                ? null
                : "would go to a partition that " + name + " does not have";
    }

    /** Key and hash of what is sent. */
    private record Sent(@Nullable Long draftId, @Nullable Buffer key, Buffer hash) {}

    private Future<Sent> sent(SqlConnection connection, Meant letter) {
        var draft = letter.draft();
        if (draft != null && sendsDraft(letter)) {
            return draft.lookInside()
                    ? drafts.contents(List.of(draft.id()))
                            .map(found -> new Sent(
                                    draft.id(),
                                    Optional.ofNullable(found.get(draft.id()))
                                            .map(Content::key)
                                            .orElse(null),
                                    draft.hash()))
                    : Future.succeededFuture(new Sent(draft.id(), draft.key(), draft.hash()));
        }
        return letter.lookInside()
                ? LetterContentStore.content(connection, letter.id()).map(found -> {
                    var content = found.map(ReplayContents::sendable).orElseThrow();
                    return new Sent(null, content.key(), ContentCodec.hash(content));
                })
                : Future.succeededFuture(new Sent(null, letter.key(), letter.contentHash()));
    }

    private Held held(Meant letter, Target target, TargetTopics.Topic topic, Sent sent) {
        var id = UUID.randomUUID();
        return new Held(
                id,
                letter,
                sent.draftId(),
                sent.hash(),
                topic,
                target,
                LaneId.laneOf(letter.kafkaId(), topic.name(), sent.key(), id, lanes),
                options.strict() ? orderKey(letter, topic, sent.key()) : null);
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
