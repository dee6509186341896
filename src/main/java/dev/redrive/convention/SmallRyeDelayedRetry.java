package dev.redrive.convention;

import dev.redrive.letter.Failure;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * SmallRye Reactive Messaging and Quarkus, {@code failure-strategy=delayed-retry-topic} (4.4 and later):
 * {@code io.smallrye.reactive.messaging.kafka.fault.KafkaDelayedRetryTopic}. One block a hop, the first the newest,
 * and single counters, which are set behind all other headers. A replay that kept the count would go straight back to
 * the dead-letter topic.
 */
final class SmallRyeDelayedRetry implements Convention {
    private static final SmallRyeBlock BLOCK = new SmallRyeBlock("delayed-retry-");
    private static final String COUNT = "delayed-retry-count";
    private static final String TIMESTAMP = "delayed-retry-original-timestamp";
    private static final String FIRST_PROCESSING = "delayed-retry-first-processing-timestamp";
    private static final Set<String> COUNTERS = Set.of(COUNT, TIMESTAMP, FIRST_PROCESSING);
    private static final Set<String> OWN = Names.union(BLOCK.names(), COUNTERS);

    @Override
    public Set<String> own() {
        return OWN;
    }

    @Override
    public @Nullable Sighting sight(Evidence evidence) {
        if (!BLOCK.isOn(evidence)) {
            return null;
        }
        Block counters = evidence.newest(COUNTERS);
        Long retries = counters.decimal(COUNT);
        Integer attempts = retries == null ? null : Block.narrow(retries + 1);
        List<Hop> hops = BLOCK.hops(evidence);
        int last = hops.size() - 1;
        return Sighting.of(Stream.iterate(0, i -> i <= last, i -> i + 1)
                .map(i -> {
                    Hop hop = hops.get(i);
                    Hop timed = i == 0 ? hop.timestamp(counters.decimal(TIMESTAMP)) : hop;
                    return i == last ? timed.failed(attempted(hop.failure(), attempts)) : timed;
                })
                .toList());
    }

    private static Failure attempted(Failure failure, @Nullable Integer attempts) {
        return new Failure(
                failure.exceptionClass(), failure.causeClass(), failure.message(), failure.stackTrace(), attempts);
    }

    @Override
    public Set<String> trailers() {
        return COUNTERS;
    }

    @Override
    public boolean prepends() {
        return true;
    }

    @Override
    public boolean keepsOrder() {
        return true;
    }
}
