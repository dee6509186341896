package dev.redrive.replay;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Why a replay is not even accepted. The lane asks again before it sends; see {@link Preflight}. */
final class Refused {

    private Refused() {}

    /** @param overrides what the caller said although it knows */
    static Optional<RefusedException> by(ReplayPlan plan, Set<String> overrides, int maxAttempts) {
        var topic = plan.found();
        if (plan.content() == null) {
            return Optional.of(RefusedException.conflict(
                    "The letter does not hold what failed: fetch the origin record, or write a draft",
                    List.of("edit", "fetch", "discard")));
        }
        if (plan.topic() == null) {
            return unprocessable("/target/topic", "The origin topic is not known; name a target topic");
        }
        if (topic == null) {
            return unprocessable("/target/topic", "There is no topic " + plan.topic() + ", or Redrive may not see it");
        }
        if (plan.targetIsRead() && !overrides.contains(Preflight.DEAD_LETTER_TOPIC)) {
            return Optional.of(RefusedException.conflict(
                    topic.name() + " is a topic that Redrive reads; say so with the override 'dead-letter-topic'",
                    List.of("edit", "replay", "discard")));
        }
        if (plan.letter().returns() >= maxAttempts && !overrides.contains(Replays.LOOP)) {
            return Optional.of(RefusedException.conflict(
                    "The record came back " + plan.letter().returns()
                            + " times and is parked; send it again with the override 'loop'",
                    List.of("edit", "replay", "discard")));
        }
        var partition = Preflight.badPartition(plan.target().partitioning(), plan.partition(), topic);
        return partition == null ? Optional.empty() : unprocessable("/target/partition", partition);
    }

    private static Optional<RefusedException> unprocessable(String pointer, String detail) {
        return Optional.of(RefusedException.invalidField(ProblemCode.UNPROCESSABLE, pointer, detail));
    }
}
