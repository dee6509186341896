package dev.redrive.cluster;

import static dev.redrive.cluster.ReadinessAspect.DEAD_LETTER_CLEANUP;
import static dev.redrive.cluster.ReadinessAspect.DEAD_LETTER_PARTITIONS;
import static dev.redrive.cluster.ReadinessAspect.DEAD_LETTER_REPLICATION;
import static dev.redrive.cluster.ReadinessAspect.DEAD_LETTER_RETENTION;
import static dev.redrive.cluster.ReadinessAspect.DEAD_LETTER_SIZE;
import static dev.redrive.cluster.ReadinessAspect.DEAD_LETTER_TOPIC;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Whether the dead-letter topic can hold what its origin can. */
final class ReadinessPairRules {

    private static final Duration SHORTEST = Duration.ofDays(7);

    private final ReadinessFacts facts;
    private final TopicCommand command;

    ReadinessPairRules(ReadinessFacts facts, TopicCommand command) {
        this.facts = facts;
        this.command = command;
    }

    List<ReadinessCheck> checks() {
        var letters = facts.letters();
        var source = facts.source();
        if (letters == null) {
            var topic = facts.topic();
            if (facts.hidden() != null) {
                return List.of(ReadinessServiceRules.hidden(facts.hidden(), command));
            }
            if (facts.role() != TopicRole.ORDINARY) {
                return List.of(DEAD_LETTER_TOPIC.ok(
                        topic.name(),
                        facts.role() == TopicRole.RETRY
                                ? "A retry topic has none of its own: what fails for good goes to those of its origin."
                                : "It is internal to Kafka or a framework, and nobody's records fail there."));
            }
            var plan = TopicPlan.recommended(topic.name() + "-dlt", facts.brokers(), topic, true);
            return List.of(DEAD_LETTER_TOPIC.fail(
                    topic.name(),
                    "No topic holds its dead letters, as far as names and letters tell.",
                    command.create(plan)));
        }
        var checks = new ArrayList<ReadinessCheck>();
        checks.add(DEAD_LETTER_TOPIC.ok(letters.name(), letters.name() + " holds them."));
        if (source != null) {
            checks.add(partitions(letters, source));
            checks.add(size(letters, source));
            checks.add(replication(letters, source));
        }
        checks.add(retention(letters));
        checks.add(cleanup(letters));
        checks.addAll(new ReadinessServiceRules(facts, letters, command).checks());
        return checks;
    }

    private ReadinessCheck partitions(TopicState letters, TopicState source) {
        var measured = letters.partitions() + " of " + source.partitions() + " at the origin.";
        return letters.partitions() >= source.partitions()
                ? DEAD_LETTER_PARTITIONS.ok(letters.name(), measured)
                : DEAD_LETTER_PARTITIONS.fail(
                        letters.name(), measured, command.partitions(letters.name(), source.partitions()));
    }

    private ReadinessCheck size(TopicState letters, TopicState source) {
        OptionalLong mine = letters.number(TopicState.MESSAGE_BYTES);
        OptionalLong theirs = source.number(TopicState.MESSAGE_BYTES);
        if (mine.isEmpty() || theirs.isEmpty()) {
            return DEAD_LETTER_SIZE.unknown(letters.name(), ReadinessRules.NOT_TOLD);
        }
        long wanted = Math.min(Integer.MAX_VALUE, theirs.getAsLong() + TopicPlan.HEADER_ROOM);
        var measured = "max.message.bytes is " + mine.getAsLong() + ", at the origin " + theirs.getAsLong() + ".";
        var fix = command.configure(letters.name(), Map.of(TopicState.MESSAGE_BYTES, wanted));
        if (mine.getAsLong() < theirs.getAsLong()) {
            return DEAD_LETTER_SIZE.fail(letters.name(), measured, fix);
        }
        if (mine.getAsLong() >= wanted) {
            return DEAD_LETTER_SIZE.ok(letters.name(), measured);
        }
        // Of equal size both are on most clusters. That matters where records come near it.
        var largest = facts.sample().value().map(ReadinessSample::largest);
        if (largest.isPresent() && largest.get() + TopicPlan.HEADER_ROOM <= mine.getAsLong()) {
            return DEAD_LETTER_SIZE.ok(
                    letters.name(),
                    measured + " The largest of the newest records has " + ReadinessText.bytes(largest.get())
                            + ", which leaves room for a stack trace.");
        }
        return DEAD_LETTER_SIZE.warn(letters.name(), measured + " There is no room for a stack trace.", fix);
    }

    private ReadinessCheck replication(TopicState letters, TopicState source) {
        var copies = letters.replicationFactor() + " copies, at the origin " + source.replicationFactor() + ".";
        if (letters.replicationFactor() < source.replicationFactor()) {
            return DEAD_LETTER_REPLICATION.fail(letters.name(), copies, command.describe(letters.name()));
        }
        OptionalLong mine = letters.number(TopicState.MIN_ISR);
        OptionalLong theirs = source.number(TopicState.MIN_ISR);
        if (mine.isEmpty() || theirs.isEmpty()) {
            return DEAD_LETTER_REPLICATION.unknown(letters.name(), ReadinessRules.NOT_TOLD);
        }
        if (mine.getAsLong() > letters.replicationFactor() && !facts.isDeadLetterTopic()) {
            return DEAD_LETTER_REPLICATION.fail(
                    letters.name(),
                    "min.insync.replicas is " + mine.getAsLong() + " of " + letters.replicationFactor()
                            + " copies: no letter can be written with acks=all.",
                    command.configure(
                            letters.name(),
                            Map.of(TopicState.MIN_ISR, Math.max(1, Math.min(2, letters.replicationFactor() - 1)))));
        }
        // An origin that wants all copies cannot lose a broker. That is its own finding, and nothing to copy.
        long wanted = letters.replicationFactor() >= ReadinessRules.SAFE_COPIES
                ? Math.min(theirs.getAsLong(), letters.replicationFactor() - 1)
                : theirs.getAsLong();
        return mine.getAsLong() < wanted
                ? DEAD_LETTER_REPLICATION.fail(
                        letters.name(),
                        "min.insync.replicas is " + mine.getAsLong() + ", at the origin " + theirs.getAsLong() + ".",
                        command.configure(letters.name(), Map.of(TopicState.MIN_ISR, wanted)))
                : DEAD_LETTER_REPLICATION.ok(letters.name(), copies);
    }

    /** Where it is not bounded at all, that is the finding, not this. */
    private ReadinessCheck retention(TopicState letters) {
        if (letters.configs() == null) {
            return DEAD_LETTER_RETENTION.unknown(letters.name(), ReadinessRules.NOT_TOLD);
        }
        if (!letters.deletes()) {
            return DEAD_LETTER_RETENTION.ok(letters.name(), "Nothing is deleted by age or size.");
        }
        long kept = letters.keptMillis();
        var source = facts.source();
        long origins = source == null || !source.deletes() ? -1 : source.keptMillis();
        long wanted = Math.max(SHORTEST.toMillis(), origins);
        long bytes = source == null || !source.deletes() ? -1 : source.keptBytes();
        var measured = ReadinessText.kept(kept, letters.keptBytes())
                + (origins < 0 ? "." : ", records " + ReadinessText.time(origins) + ".");
        if (letters.keptBytes() >= 0 && letters.keptBytes() < bytes) {
            return DEAD_LETTER_RETENTION.fail(
                    letters.name(),
                    measured + " Of records " + ReadinessText.bytes(bytes) + " a partition are kept.",
                    command.configure(letters.name(), Map.of(TopicState.RETENTION_BYTES, bytes)));
        }
        return kept < 0 || kept >= wanted
                ? DEAD_LETTER_RETENTION.ok(letters.name(), measured)
                : DEAD_LETTER_RETENTION.fail(
                        letters.name(),
                        measured,
                        command.configure(
                                letters.name(),
                                Map.of(TopicState.RETENTION_MS, Math.max(wanted, TopicPlan.LETTERS_KEPT.toMillis()))));
    }

    private ReadinessCheck cleanup(TopicState letters) {
        if (letters.configs() == null) {
            return DEAD_LETTER_CLEANUP.unknown(letters.name(), ReadinessRules.NOT_TOLD);
        }
        var measured = "cleanup.policy is " + letters.config(TopicState.CLEANUP).orElse("") + ".";
        return letters.compacts()
                ? DEAD_LETTER_CLEANUP.fail(
                        letters.name(),
                        measured,
                        command.configure(letters.name(), Map.of(TopicState.CLEANUP, "delete")))
                : DEAD_LETTER_CLEANUP.ok(letters.name(), measured);
    }
}
