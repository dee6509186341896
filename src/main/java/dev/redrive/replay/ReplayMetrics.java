package dev.redrive.replay;

import dev.redrive.BoundedLabel;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.Collection;

/** What this process did with replays and found out about them, for whoever scrapes it. Safe from any thread. */
final class ReplayMetrics {

    private final MeterRegistry registry;
    private final Timer duration;
    private final BoundedLabel topics = new BoundedLabel(BoundedLabel.TOPICS);

    ReplayMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.duration = Timer.builder("redrive.replay.duration")
                .description("A replay, from being handed to Kafka to being settled")
                .register(registry);
    }

    /** @param targets the topic of each; @param took from being handed to Kafka, which a batch is as a whole */
    void sent(Collection<String> targets, Duration took) {
        sent(targets);
        targets.forEach(each -> duration.record(took));
    }

    /** Receipts or a search proved it, whoever sent them. */
    void sent(Collection<String> targets) {
        attempted(targets, "sent");
    }

    void failed(Collection<String> targets) {
        attempted(targets, "failed");
    }

    void triedLater(Collection<String> targets) {
        attempted(targets, "retried");
    }

    void uncertain(Collection<String> targets) {
        attempted(targets, "uncertain");
    }

    private void attempted(Collection<String> targets, String result) {
        targets.forEach(topic -> Counter.builder("redrive.replays")
                .description("Attempts to send a letter, by what came of them")
                .tags("topic", topics.of(topic), "result", result)
                .register(registry)
                .increment());
    }

    /** @param outcome {@code recovered} or {@code returned} */
    void foundOut(Collection<String> targets, String outcome) {
        targets.forEach(topic -> became(topic, outcome, 1));
    }

    /** No lane had taken them. Counted when the transaction of the connection is committed. */
    void cancelled(SqlConnection connection, String topic, long replays) {
        connection.transaction().completion().onSuccess(committed -> became(topic, "cancelled", replays));
    }

    private void became(String topic, String outcome, long replays) {
        Counter.builder("redrive.replay.outcomes")
                .description("Replays, by what became of them: after they were sent, or instead")
                .tags("topic", topics.of(topic), "outcome", outcome)
                .register(registry)
                .increment(replays);
    }
}
