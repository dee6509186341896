package dev.redrive.cluster;

import static dev.redrive.cluster.TopicFinding.advice;
import static dev.redrive.cluster.TopicFinding.refusal;
import static dev.redrive.cluster.TopicFinding.warning;
import static dev.redrive.cluster.TopicState.CLEANUP;
import static dev.redrive.cluster.TopicState.MESSAGE_BYTES;
import static dev.redrive.cluster.TopicState.MIN_ISR;
import static dev.redrive.cluster.TopicState.RETENTION_BYTES;
import static dev.redrive.cluster.TopicState.RETENTION_MS;
import static dev.redrive.cluster.TopicState.UNCLEAN;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/** What is dangerous about a planned topic. Decides by what it is given alone, and says each thing once. */
final class TopicPolicy {

    private static final Set<String> NUMBERS =
            Set.of(RETENTION_MS, RETENTION_BYTES, MESSAGE_BYTES, MIN_ISR, "segment.bytes");
    private static final Duration SHORTEST = Duration.ofDays(7);
    private static final int MANY_PARTITIONS = 100;

    private final TopicPlan plan;
    private final TopicSurroundings around;
    private final List<TopicFinding> findings = new ArrayList<>();

    private TopicPolicy(TopicPlan plan, TopicSurroundings around) {
        this.plan = plan;
        this.around = around;
    }

    static List<TopicFinding> judge(TopicPlan plan, TopicSurroundings around) {
        var policy = new TopicPolicy(plan, around);
        Consumer<TopicFinding> found = policy.findings::add;
        TopicNamePolicy.judge(plan, around, found);
        policy.numbers();
        policy.partitions();
        policy.replicas();
        policy.retention();
        policy.cleanup();
        policy.messages();
        return List.copyOf(policy.findings);
    }

    private static String pointer(String setting) {
        return "/configs/" + setting;
    }

    private OptionalLong number(String setting) {
        var value = plan.configs().get(setting);
        return value == null ? OptionalLong.empty() : TopicState.parse(value);
    }

    private void numbers() {
        NUMBERS.stream()
                .sorted()
                .filter(setting ->
                        plan.configs().containsKey(setting) && number(setting).isEmpty())
                .forEach(setting ->
                        findings.add(refusal("not-a-number", pointer(setting), setting + " takes a whole number.")));
    }

    private void partitions() {
        var origin = around.origin();
        if (plan.partitions() < 1) {
            findings.add(refusal("partitions-none", "/partitions", "A topic has 1 partition or more."));
        } else if (origin != null && plan.partitions() < origin.partitions()) {
            findings.add(warning(
                    "partitions-below-origin",
                    "/partitions",
                    "Frameworks send a letter to the partition it failed in: " + origin.name() + " has "
                            + origin.partitions() + ", and letters of those above " + plan.partitions()
                            + " would have nowhere to go."));
        } else if (plan.partitions() > MANY_PARTITIONS) {
            findings.add(advice(
                    "partitions-many", "/partitions", "Begin with 3 to 6; partitions can be added, never taken away."));
        } else if (plan.partitions() == 1 && origin == null) {
            findings.add(advice(
                    "partitions-one", "/partitions", "With one partition only one consumer of a group can work."));
        }
    }

    private void replicas() {
        int replicas = plan.replicationFactor();
        var minIsr = number(MIN_ISR);
        if (replicas < 1 || replicas > around.brokers()) {
            findings.add(refusal(
                    "replication-above-brokers",
                    "/replicationFactor",
                    "The cluster has " + around.brokers() + " brokers, so 1 to " + around.brokers() + " copies."));
        } else if (replicas == 1) {
            findings.add(warning(
                    "replication-single",
                    "/replicationFactor",
                    "There is one copy: when its broker is lost, so are the records."));
        }
        if (minIsr.isPresent() && minIsr.getAsLong() > replicas) {
            findings.add(refusal(
                    "min-isr-above-replication",
                    pointer(MIN_ISR),
                    "With " + replicas + " copies there are never " + minIsr.getAsLong()
                            + " in sync, so nobody could write."));
        } else if (replicas > 1 && minIsr.orElse(1) <= 1) {
            findings.add(warning(
                    "min-isr-single",
                    pointer(MIN_ISR),
                    "A write is acknowledged by one broker alone and lost with it; 2 is safe with 3 copies."));
        } else if (replicas > 1 && minIsr.orElse(1) == replicas) {
            findings.add(warning(
                    "min-isr-equals-replication",
                    pointer(MIN_ISR),
                    "Nobody can write while any broker is away, also during an upgrade."));
        }
        if (Boolean.parseBoolean(plan.configs().get(UNCLEAN))) {
            findings.add(warning(
                    "unclean-election",
                    pointer(UNCLEAN),
                    "A copy that is behind may become the leader, and acknowledged records vanish."));
        }
    }

    private void retention() {
        long kept = TopicState.bounded(number(RETENTION_MS).orElse(SHORTEST.toMillis()));
        boolean deletes = plan.configs().getOrDefault(CLEANUP, "delete").contains("delete");
        if (kept < 0) {
            if (deletes && number(RETENTION_BYTES).orElse(-1) < 0) {
                findings.add(warning(
                        "retention-unbounded",
                        pointer(RETENTION_MS),
                        "Neither time nor size bounds it: it grows until a disk is full, and that broker stops."));
            }
            return;
        }
        var origin = around.origin();
        long origins = origin == null ? -1 : origin.keptMillis();
        if (around.holdsLetters() && (kept < SHORTEST.toMillis() || kept < origins)) {
            findings.add(warning(
                    "retention-short",
                    pointer(RETENTION_MS),
                    kept < origins
                            ? "Letters would be gone before the records they came from."
                            : "Letters of a long weekend would be gone before anybody reads them; 14 days are safe."));
        }
    }

    private void cleanup() {
        if (around.holdsLetters()
                && plan.configs().getOrDefault(CLEANUP, "delete").contains("compact")) {
            findings.add(refusal(
                    "compacted-letters",
                    pointer(CLEANUP),
                    "Compaction throws away all letters of a key but the last, and refuses letters without a key."));
        }
    }

    private void messages() {
        var origin = around.origin();
        var most = number(MESSAGE_BYTES);
        var origins = origin == null ? OptionalLong.empty() : origin.number(MESSAGE_BYTES);
        if (most.isPresent() && origins.isPresent() && most.getAsLong() < origins.getAsLong() + TopicPlan.HEADER_ROOM) {
            findings.add(warning(
                    "message-size-below-origin",
                    pointer(MESSAGE_BYTES),
                    "The largest record of the origin (" + origins.getAsLong()
                            + " bytes) with its stack trace does not fit; " + TopicPlan.HEADER_ROOM
                            + " bytes more are safe."));
        }
    }
}
