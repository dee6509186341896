package dev.redrive.cluster;

import static dev.redrive.cluster.ReadinessAspect.DISK;
import static dev.redrive.cluster.ReadinessAspect.DUPLICATES;
import static dev.redrive.cluster.ReadinessAspect.HOT_KEY;
import static dev.redrive.cluster.ReadinessAspect.MIN_ISR;
import static dev.redrive.cluster.ReadinessAspect.NULL_KEYS;
import static dev.redrive.cluster.ReadinessAspect.PARTITIONS;
import static dev.redrive.cluster.ReadinessAspect.REPLICATION;
import static dev.redrive.cluster.ReadinessAspect.RETENTION;
import static dev.redrive.cluster.ReadinessAspect.UNCLEAN_ELECTION;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** From facts to checks, the worst first. Decides by what it is given alone. */
final class ReadinessRules {

    static final String NOT_TOLD = "Redrive may not read the topic's settings (DescribeConfigs).";
    static final int SAFE_COPIES = 3;

    private final ReadinessFacts facts;
    private final TopicState topic;
    private final TopicCommand command;

    private ReadinessRules(ReadinessFacts facts, TopicCommand command) {
        this.facts = facts;
        this.topic = facts.topic();
        this.command = command;
    }

    static List<ReadinessCheck> judge(ReadinessFacts facts, TopicCommand command) {
        var rules = new ReadinessRules(facts, command);
        var checks = new ArrayList<>(rules.own());
        checks.addAll(new ReadinessPairRules(facts, command).checks());
        checks.sort(Comparator.comparing(ReadinessCheck::level));
        return List.copyOf(checks);
    }

    private List<ReadinessCheck> own() {
        var name = topic.name();
        var sample = facts.sample();
        var checks = new ArrayList<>(List.of(
                worse(retention(topic), facts.letters(), this::retention),
                facts.disk().check(DISK, name, disk -> disk.check(topic, command)),
                replication(),
                minIsr(),
                worse(uncleanElection(topic), facts.letters(), this::uncleanElection)));
        if (facts.isDeadLetterTopic() || facts.role() == TopicRole.ORDINARY) {
            // What is tried again is there again, and a framework may write the same as often as it likes.
            checks.add(sample.check(DUPLICATES, name, found -> found.duplicates(name)));
        }
        if (!facts.isDeadLetterTopic() && facts.role() == TopicRole.ORDINARY) {
            // How failures spread over keys is not for the dead-letter topic to decide.
            checks.add(partitions());
            checks.add(sample.check(NULL_KEYS, name, found -> found.nullKeys(name)));
            checks.add(sample.check(HOT_KEY, name, found -> found.hotKey(name)));
        }
        return checks;
    }

    /** What both topics have to keep is said once, of the one that does not. */
    private static ReadinessCheck worse(
            ReadinessCheck own, @Nullable TopicState letters, Function<TopicState, ReadinessCheck> of) {
        if (letters == null || own.level() == ReadinessLevel.FAIL) {
            return own;
        }
        var other = of.apply(letters);
        return other.level() == ReadinessLevel.FAIL ? other : own;
    }

    private ReadinessCheck retention(TopicState of) {
        var name = of.name();
        if (of.configs() == null) {
            return RETENTION.unknown(name, NOT_TOLD);
        }
        if (!of.deletes()) {
            return RETENTION.ok(name, "It is compacted: the newest record of each key stays.");
        }
        long millis = of.keptMillis();
        long bytes = of.keptBytes();
        if (millis < 0 && bytes < 0) {
            boolean isLetters =
                    facts.letters() != null && name.equals(facts.letters().name());
            if (!isLetters && facts.role() == TopicRole.INTERNAL) {
                return RETENTION.ok(name, "Its framework removes what is not needed any more.");
            }
            return RETENTION.fail(
                    name,
                    "Neither retention.ms, which is "
                            + of.config(TopicState.RETENTION_MS).orElse("-1") + ", nor retention.bytes bounds it.",
                    command.configure(
                            name,
                            Map.of(
                                    TopicState.RETENTION_MS,
                                    Duration.ofDays(isLetters ? 14 : 7).toMillis())));
        }
        return RETENTION.ok(name, ReadinessText.kept(millis, bytes) + ".");
    }

    private ReadinessCheck partitions() {
        int count = topic.partitions();
        return count > 1
                ? PARTITIONS.ok(topic.name(), count + " partitions.")
                : PARTITIONS.warn(topic.name(), "1 partition.", command.partitions(topic.name(), 3));
    }

    private ReadinessCheck replication() {
        int copies = topic.replicationFactor();
        var measured = "Replication factor " + copies + ".";
        if (copies >= SAFE_COPIES) {
            return REPLICATION.ok(topic.name(), measured);
        }
        // Only a plan of moves, made by hand, changes it: kafka-reassign-partitions wants one for each partition.
        var how = command.describe(topic.name());
        return copies <= 1
                ? REPLICATION.fail(topic.name(), measured + " Plan more with kafka-reassign-partitions.sh.", how)
                : REPLICATION.warn(topic.name(), measured + " One broker down leaves a single copy.", how);
    }

    private ReadinessCheck minIsr() {
        var name = topic.name();
        OptionalLong set = topic.number(TopicState.MIN_ISR);
        if (set.isEmpty()) {
            return MIN_ISR.unknown(name, NOT_TOLD);
        }
        long least = set.getAsLong();
        int copies = topic.replicationFactor();
        var measured = "min.insync.replicas is " + least + " of " + copies + " copies.";
        var fix = command.configure(name, Map.of(TopicState.MIN_ISR, Math.max(1, Math.min(2, copies))));
        if (least > copies) {
            return MIN_ISR.fail(name, measured + " Nobody can write with acks=all.", fix);
        }
        if (least <= 1) {
            var raise = command.configure(name, Map.of(TopicState.MIN_ISR, 2));
            return MIN_ISR.fail(name, measured, copies >= SAFE_COPIES ? raise : null);
        }
        // Of two copies no number is good, and no fix is: more copies are, which is another check's to say.
        return least == copies
                ? MIN_ISR.warn(
                        name,
                        measured + " Nobody can write while a broker is away.",
                        copies >= SAFE_COPIES ? fix : null)
                : MIN_ISR.ok(name, measured);
    }

    private ReadinessCheck uncleanElection(TopicState of) {
        var name = of.name();
        return of.config(TopicState.UNCLEAN)
                .map(set -> Boolean.parseBoolean(set)
                        ? UNCLEAN_ELECTION.fail(
                                name,
                                "unclean.leader.election.enable is true.",
                                command.configure(name, Map.of(TopicState.UNCLEAN, "false")))
                        : UNCLEAN_ELECTION.ok(name, "unclean.leader.election.enable is false."))
                .orElseGet(() -> UNCLEAN_ELECTION.unknown(name, NOT_TOLD));
    }
}
