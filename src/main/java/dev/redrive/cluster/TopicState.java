package dev.redrive.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * A topic as its cluster describes it.
 *
 * @param replicas ids of the brokers of each partition, by its number
 * @param allowed what our principal may do with it; null where the cluster did not say
 * @param configs every setting with its effective value; null where we may not read them
 */
record TopicState(
        String name,
        UUID id,
        List<List<Integer>> replicas,
        @Nullable Set<AclOperation> allowed,
        @Nullable Map<String, String> configs) {

    static final String RETENTION_MS = "retention.ms";
    static final String RETENTION_BYTES = "retention.bytes";
    static final String CLEANUP = "cleanup.policy";
    static final String MIN_ISR = "min.insync.replicas";
    static final String MESSAGE_BYTES = "max.message.bytes";
    /** Of the brokers' own disks, where older segments lie elsewhere; -2 for the same as the whole topic. */
    static final String LOCAL_MS = "local.retention.ms";

    static final String LOCAL_BYTES = "local.retention.bytes";
    static final String UNCLEAN = "unclean.leader.election.enable";

    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    TopicState {
        replicas = List.copyOf(replicas);
    }

    int partitions() {
        return replicas.size();
    }

    /** The smallest of all partitions: what is lost first decides. */
    int replicationFactor() {
        return replicas.stream().mapToInt(List::size).min().orElse(0);
    }

    Optional<String> config(String setting) {
        return configs == null ? Optional.empty() : Optional.ofNullable(configs.get(setting));
    }

    /** Empty where it is not known, or no number. */
    OptionalLong number(String setting) {
        return config(setting).map(TopicState::parse).orElse(OptionalLong.empty());
    }

    /** For how long records are kept, in ms; below 0 for ever. */
    long keptMillis() {
        return bounded(number(RETENTION_MS).orElse(-1));
    }

    /** @return below 0 for a time that nobody will live to see */
    static long bounded(long millis) {
        return millis >= FOR_EVER.toMillis() ? -1 : millis;
    }

    /** How many bytes of a partition are kept; below 0 without a bound. */
    long keptBytes() {
        return number(RETENTION_BYTES).orElse(-1);
    }

    /** As {@link #number}; null where it is not known. */
    @Nullable
    Long bound(String setting) {
        var number = number(setting);
        return number.isPresent() ? (Long) number.getAsLong() : null;
    }

    static OptionalLong parse(String value) {
        try {
            return OptionalLong.of(Long.parseLong(value.strip()));
        } catch (NumberFormatException noNumber) {
            return OptionalLong.empty();
        }
    }

    /** Whether old records are removed by age or size at all; true where it is not known. */
    boolean deletes() {
        return config(CLEANUP).map(policy -> policy.contains("delete")).orElse(true);
    }

    /** Whether older segments lie elsewhere than on the brokers' disks (Kafka's tiered storage). */
    boolean isTiered() {
        return config("remote.storage.enable").map(Boolean::parseBoolean).orElse(false);
    }

    boolean compacts() {
        return config(CLEANUP).map(policy -> policy.contains("compact")).orElse(false);
    }
}
