package dev.redrive.replay;

import dev.redrive.letter.Position;
import dev.redrive.letter.Status;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The dry run: everything a replay does before it sends, and what else somebody should know before it does. */
final class Checks {

    private static final long KAFKA_SECONDS = 5;

    private final ReplayPlans plans;
    private final TopicReaders readers;
    private final int maxAttempts;

    Checks(ReplayPlans plans, TopicReaders readers, int maxAttempts) {
        this.plans = plans;
        this.readers = readers;
        this.maxAttempts = maxAttempts;
    }

    /** What surrounds the target; unknown parts are null. */
    record Surroundings(
            @Nullable List<String> groups,
            @Nullable Boolean newerSameKey,
            boolean earlierSameKey,
            List<RetryTopics.Offer> retryTopics) {}

    /** Fails where the letter or its draft is not there, or Kafka does not answer for the target itself. */
    Future<JsonObject> check(ReplayAsk ask) {
        return plans.plan(ask).compose(plan -> surroundings(plan).map(around -> answer(plan, around)));
    }

    private Future<Surroundings> surroundings(ReplayPlan plan) {
        var topic = plan.found();
        Future<List<String>> groups = topic == null
                ? Future.succeededFuture()
                : readers.of(plans.cluster(plan.letter()), topic.name())
                        .timeout(KAFKA_SECONDS, TimeUnit.SECONDS)
                        .otherwiseEmpty();
        Future<Boolean> newer = newer(plan);
        var earlier = plans.candidates().hasEarlier(plan.letter().id());
        var offers = retryTopics(plan.letter());
        return Future.all(groups, newer, earlier, offers)
                .map(known -> new Surroundings(
                        readers(plan, groups.result(), offers.result()),
                        newer.result(),
                        earlier.result(),
                        offers.result()));
    }

    private Future<List<RetryTopics.Offer>> retryTopics(Candidate letter) {
        var origin = letter.originTopic();
        return origin == null
                ? Future.succeededFuture(List.of())
                : RetryTopics.of(
                                plans.cluster(letter),
                                readers,
                                new RetryTopics.Source(
                                        letter.cluster(), origin, letter.consumerGroup(), letter.convention()))
                        .timeout(KAFKA_SECONDS, TimeUnit.SECONDS)
                        .otherwise(List.of());
    }

    /** Of a retry topic more is known than who committed an offset. */
    private static @Nullable List<String> readers(
            ReplayPlan plan, @Nullable List<String> groups, List<RetryTopics.Offer> offers) {
        return offers.stream()
                .filter(offer -> offer.topic().equals(plan.topic()))
                .findFirst()
                .map(RetryTopics.Offer::groups)
                .orElse(groups);
    }

    /** First among the letters, then among the newest records of the target partition. */
    private Future<Boolean> newer(ReplayPlan plan) {
        var content = plan.content();
        var key = content == null ? null : content.key();
        if (key == null) {
            return Future.succeededFuture(false);
        }
        return plans.candidates().hasNewer(plan.letter().id()).compose(among -> {
            var outgoing = outgoing(plan);
            if (among || outgoing == null) {
                return Future.<Boolean>succeededFuture(among);
            }
            long after = outgoing.record().topic().equals(plan.letter().originTopic())
                            && plan.letter().originOffset() != null
                    ? plan.letter().originOffset() + 1
                    : 0;
            return plans.cluster(plan.letter())
                    .sources()
                    .holdsKey(outgoing.place(), key, after)
                    .timeout(KAFKA_SECONDS, TimeUnit.SECONDS)
                    .otherwiseEmpty();
        });
    }

    /** The record as the lane would make it; null where it cannot be made. */
    private static @Nullable Outgoing outgoing(ReplayPlan plan) {
        var topic = plan.found();
        var content = plan.content();
        var hash = plan.hash();
        if (topic == null || content == null || hash == null) {
            return null;
        }
        var letter = plan.letter();
        var claim = new Claim(
                new UUID(0, 0),
                letter.id(),
                new Position(letter.kafkaId(), topic.name(), topic.id(), 0, 0, Position.NO_EPOCH),
                null,
                null,
                hash,
                topic.name(),
                topic.id(),
                plan.targetIsRead(),
                plan.target().partitioning(),
                plan.partition(),
                plan.target().originalTimestamp() ? letter.originTimestamp() : null,
                Set.of(),
                1,
                0,
                letter.drops());
        var asked = plan.partition();
        int partition = asked == null ? Outgoing.partitionOf(claim, content.key(), topic.partitions()) : asked;
        return Outgoing.of(claim, content, partition);
    }

    private JsonObject answer(ReplayPlan plan, Surroundings around) {
        var outgoing = outgoing(plan);
        Integer size = outgoing == null ? null : RecordSize.of(outgoing.record());
        var findings = new Findings();
        state(plan, findings);
        target(plan, size, findings);
        advise(plan, around, findings);
        order(plan, outgoing, around, findings);
        return new JsonObject()
                .put("ok", findings.isOk())
                .put("checks", findings.toJson())
                .put("target", CheckJson.target(plan, outgoing))
                .put("size", size)
                .put("overrides", overrides(plan))
                .put("headers", CheckJson.headers(plan))
                .put("retryTopics", RetryTopics.toJson(around.retryTopics()))
                .put("blastRadius", CheckJson.blastRadius(plan, around));
    }

    /** What the order of its key's records comes to. */
    private static void order(ReplayPlan plan, @Nullable Outgoing outgoing, Surroundings around, Findings findings) {
        if (around.earlierSameKey()) {
            findings.advise(
                    Warning.EARLIER_KEY.word(),
                    false,
                    "An earlier letter with this key is open; this one overtakes it");
        }
        var letter = plan.letter();
        var came = letter.originPartition();
        if (outgoing != null
                && came != null
                && outgoing.record().key() != null
                && plan.target().partitioning() == Partitioning.KEY
                && outgoing.record().topic().equals(letter.originTopic())
                && outgoing.place().partition() != came) {
            findings.advise(
                    Warning.OTHER_PARTITION.word(),
                    false,
                    "It came from partition " + came + " and goes to "
                            + outgoing.place().partition()
                            + ": the number of partitions has changed, or its producer chose by something else than the key");
        }
    }

    private void state(ReplayPlan plan, Findings findings) {
        var letter = plan.letter();
        findings.add(
                "status",
                letter.status() == Status.OPEN,
                "The letter is " + letter.status().word());
        findings.add(
                "payload",
                plan.content() != null,
                plan.content() != null
                        ? "The bytes are there"
                        : "The letter does not hold what failed; fetch the origin record");
        findings.add(
                "loop",
                letter.returns() < maxAttempts,
                "The record came back " + times(letter.returns()) + "; it is parked after " + times(maxAttempts));
    }

    private static void target(ReplayPlan plan, @Nullable Integer size, Findings findings) {
        var topic = plan.found();
        if (topic == null) {
            findings.add(
                    "target-exists",
                    false,
                    plan.topic() == null
                            ? "The origin topic is not known; name a target topic"
                            : "There is no topic " + plan.topic() + ", or Redrive may not see it");
            return;
        }
        findings.add("target-exists", true, topic.name() + " exists");
        var partition = Preflight.badPartition(plan.target().partitioning(), plan.partition(), topic);
        findings.add(
                "partition",
                partition == null,
                partition == null
                        ? "The partition is chosen by "
                                + plan.target().partitioning().word()
                        : partition);
        findings.add(
                "acl",
                topic.mayWrite(),
                topic.mayWrite() ? "Redrive may write to it" : "Redrive has no right to write to it");
        findings.add(
                "dead-letter-topic",
                !plan.targetIsRead(),
                plan.targetIsRead()
                        ? topic.name() + " is a topic that Redrive reads"
                        : "It is no topic that Redrive reads");
        if (size != null) {
            var tooLarge = Preflight.tooLarge(size, topic.maxMessageBytes());
            findings.add(
                    "size",
                    tooLarge == null,
                    tooLarge == null ? size + " bytes with the headers of a replay" : tooLarge);
        }
    }

    private static void advise(ReplayPlan plan, Surroundings around, Findings findings) {
        var content = plan.content();
        var value = content == null ? null : content.value();
        if (value != null && value.length() > 0 && (value.getByte(0) == '{' || value.getByte(0) == '[')) {
            boolean json = JsonLeaves.isJson(value);
            findings.advise(
                    "json",
                    json,
                    json ? "The value is well-formed JSON" : "The value looks like JSON, but is not well formed");
        }
        var topic = plan.found();
        if (topic != null && Boolean.TRUE.equals(topic.compacted())) {
            findings.advise(
                    "compacted", false, topic.name() + " is compacted: this record becomes the newest of its key");
        }
        if (around.newerSameKey() != null) {
            findings.advise(
                    "newer-key",
                    !around.newerSameKey(),
                    around.newerSameKey()
                            ? "There is a newer record with this key"
                            : "No newer record with this key was found");
        }
        var groups = around.groups();
        if (groups != null) {
            findings.advise("readers", groups.size() <= 1, readers(groups));
        }
    }

    private JsonArray overrides(ReplayPlan plan) {
        var overrides = new JsonArray();
        Optional.of(Replays.LOOP)
                .filter(loop -> plan.letter().returns() >= maxAttempts)
                .ifPresent(overrides::add);
        Optional.of(Preflight.DEAD_LETTER_TOPIC)
                .filter(read -> plan.targetIsRead())
                .ifPresent(overrides::add);
        return overrides;
    }

    private static String times(int count) {
        return count == 1 ? "once" : count + " times";
    }

    private static String readers(List<String> groups) {
        return switch (groups.size()) {
            case 0 -> "No consumer group has read the target";
            case 1 -> "Only " + groups.get(0) + " reads the target";
            default -> groups.size() + " consumer groups read the target, and all of them see the record again";
        };
    }
}
