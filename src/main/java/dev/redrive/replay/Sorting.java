package dev.redrive.replay;

import dev.redrive.job.Work.Left;
import dev.redrive.letter.Status;
import dev.redrive.replay.GatherStore.Meant;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells the letters of a batch that can be replayed from those that are left out, each with the reason. */
final class Sorting {

    /** A letter, and where it goes. */
    record Going(Meant letter, Target target, TargetTopics.Topic topic) {}

    private final JobTargets targets;
    private final ReplayOptions options;
    private final int maxAttempts;
    private final List<Going> going = new ArrayList<>();
    private final List<Left> left = new ArrayList<>();

    Sorting(JobTargets targets, ReplayOptions options, int maxAttempts) {
        this.targets = targets;
        this.options = options;
        this.maxAttempts = maxAttempts;
    }

    List<Going> going() {
        return going;
    }

    List<Long> goingIds() {
        return going.stream().map(each -> each.letter().id()).toList();
    }

    List<Left> left() {
        return left;
    }

    /** Fails when Kafka does not answer. */
    Future<Void> sort(SqlConnection connection, List<Meant> letters) {
        var rest = new ArrayList<Meant>();
        for (var letter : letters) {
            var why = whyNot(letter);
            if (why == null) {
                rest.add(letter);
            } else {
                leave(letter.id(), why);
            }
        }
        return find(connection, rest)
                .onSuccess(found -> rest.forEach(letter -> direct(letter, found)))
                .mapEmpty();
    }

    /** Something went wrong with it after all. */
    void fail(Going taken, String why) {
        going.remove(taken);
        left.add(new Left(taken.letter().id(), why, true));
    }

    /** It is not meant after all. */
    void takeOut(Going taken, String why) {
        going.remove(taken);
        leave(taken.letter().id(), why);
    }

    void leave(long letter, String why) {
        left.add(new Left(letter, why, false));
    }

    private @Nullable String whyNot(Meant letter) {
        if (letter.status() != Status.OPEN) {
            return "is " + letter.status().word();
        }
        if (letter.draft() != null && options.drafts() == ReplayOptions.Drafts.SKIP) {
            return "has a draft";
        }
        if (!sendsDraft(letter) && !letter.replayable()) {
            return "does not hold what failed";
        }
        if (letter.returns() >= maxAttempts && !options.overrides().contains(Replays.LOOP)) {
            return "came back " + letter.returns() + " times and is parked";
        }
        return topic(letter) == null ? "does not say which topic it came from" : null;
    }

    boolean sendsDraft(Meant letter) {
        return letter.draft() != null && options.drafts() == ReplayOptions.Drafts.SEND;
    }

    /** Of what is sent; null where that has none, or is only known from the bytes. */
    @Nullable
    Buffer key(Meant letter) {
        var draft = letter.draft();
        if (draft != null && sendsDraft(letter)) {
            return draft.key();
        }
        // That of an envelope is not the one of what it held.
        return letter.lookInside() ? null : letter.key();
    }

    /** Whether what is sent has a key, or may have one that is only known from the bytes. */
    boolean mayHaveKey(Meant letter) {
        var draft = letter.draft();
        boolean lookInside = draft != null && sendsDraft(letter) ? draft.lookInside() : letter.lookInside();
        return lookInside || key(letter) != null;
    }

    /** What the job says, else what the draft says, else the origin. */
    private Target target(Meant letter) {
        if (options.target() != null) {
            return options.target();
        }
        return sendsDraft(letter) && letter.draft() != null ? letter.draft().target() : Target.ORIGIN;
    }

    private @Nullable String topic(Meant letter) {
        var named = target(letter).topic();
        return named == null ? letter.originTopic() : named;
    }

    private JobTargets.Place place(Meant letter) {
        return new JobTargets.Place(letter.cluster(), letter.clusterId(), String.valueOf(topic(letter)));
    }

    /** One after the other: there are few, and they are remembered. */
    private Future<Map<JobTargets.Place, Optional<JobTargets.Found>>> find(
            SqlConnection connection, List<Meant> letters) {
        var found = new HashMap<JobTargets.Place, Optional<JobTargets.Found>>();
        var all = Future.<Void>succeededFuture();
        for (var place : letters.stream().map(this::place).distinct().toList()) {
            all = all.compose(before -> targets.find(connection, place))
                    .onSuccess(target -> found.put(place, target))
                    .mapEmpty();
        }
        return all.map(found);
    }

    private void direct(Meant letter, Map<JobTargets.Place, Optional<JobTargets.Found>> found) {
        var target = target(letter);
        var place = place(letter);
        var known = found.getOrDefault(place, Optional.empty());
        var why = known.isEmpty()
                ? "would go to " + place.topic() + ", which is not there, or Redrive may not see it"
                : whyNotThere(letter, target, known.get());
        if (why == null && known.isPresent()) {
            going.add(new Going(letter, target, known.get().topic()));
        } else {
            leave(letter.id(), String.valueOf(why));
        }
    }

    private @Nullable String whyNotThere(Meant letter, Target target, JobTargets.Found found) {
        var topic = found.topic();
        if (found.isRead() && !options.overrides().contains(Preflight.DEAD_LETTER_TOPIC)) {
            return "would go to " + topic.name() + ", which Redrive reads";
        }
        if (!topic.mayWrite()) {
            return "would go to " + topic.name() + ", where Redrive has no right to write";
        }
        if (options.proven() && found.mode() != Mode.STRICT) {
            return "would go to " + topic.name() + " with no strict proof, only "
                    + found.mode().said();
        }
        var partition = target.partitioning() == Partitioning.ORIGINAL ? letter.originPartition() : target.partition();
        return Preflight.badPartition(target.partitioning(), partition, topic) == null
                ? null
                : "would go to a partition that " + topic.name() + " does not have";
    }
}
