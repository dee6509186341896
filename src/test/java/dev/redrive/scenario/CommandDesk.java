package dev.redrive.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.redrive.cli.Run;
import dev.redrive.testkit.Broker;
import dev.redrive.testkit.BrokerTopics;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.header.Header;

/** A Redrive that wants a token, over the topic that the runbook names, and the command {@code redrive} in front of it. */
final class CommandDesk implements AutoCloseable {

    static final String TOKEN = "token-of-the-runbook-0123456789";
    static final String DLQ = "orders-dlq";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Broker broker = Broker.shared();
    private final String origin = "runbook." + UUID.randomUUID();
    private final RedriveProcess redrive;

    /** Far from where replays of this desk arrive: a letter from there would be taken for one that came back. */
    private long offset = 1_000_000;

    CommandDesk() {
        broker.topics().createTopic(origin, 1, Map.of("max.message.bytes", "2000"));
        broker.topics().createTopic(DLQ, 1);
        redrive = RedriveProcess.on(Postgres.shared().freshDatabase(), broker.bootstrapServers())
                .with("REDRIVE_KAFKA_GROUP_ID", "redrive-" + origin)
                .with("REDRIVE_TOPICS_EXCLUDE", "(?!" + DLQ + "$).*")
                .with("REDRIVE_OUTCOME_WINDOW", "PT2S")
                .with("REDRIVE_AUTH", "token")
                .with("REDRIVE_ADMIN_TOKEN", TOKEN)
                .start();
    }

    /** Where its letters came from; takes no record over 2 kB. */
    String origin() {
        return origin;
    }

    String url() {
        return redrive.url();
    }

    String managementUrl() {
        return redrive.managementUrl();
    }

    Run redrive(String... arguments) {
        return at(url(), arguments);
    }

    Run at(String url, String... arguments) {
        return Run.of(environment(url), arguments);
    }

    /** At a terminal, where somebody answers. */
    Run typing(String typed, String... arguments) {
        return Run.typing(environment(url()), typed, arguments);
    }

    private static Map<String, String> environment(String url) {
        return Map.of("REDRIVE_URL", url, "REDRIVE_TOKEN", TOKEN);
    }

    /** Returns when so many more open letters of this class are stored. */
    void letters(String exception, int count, String value) {
        var q = "is:open class:" + exception;
        int before = count(q);
        for (int i = 0; i < count; i++) {
            broker.topics()
                    .produce(
                            DLQ,
                            ("key-" + i).getBytes(UTF_8),
                            value.getBytes(UTF_8),
                            header("exception-fqcn", exception.getBytes(UTF_8)),
                            header("exception-message", "it failed".getBytes(UTF_8)),
                            header("original-topic", origin.getBytes(UTF_8)),
                            header("original-partition", ByteBuffer.allocate(4).array()),
                            header(
                                    "original-offset",
                                    ByteBuffer.allocate(8).putLong(offset++).array()));
        }
        Eventually.until(PATIENCE, before + count + " letters of " + exception, () -> count(q) == before + count);
    }

    private int count(String q) {
        return Integer.parseInt(redrive("ls", "--count", q).out().strip());
    }

    private static Header header(String name, byte[] value) {
        return BrokerTopics.header("kafka_dlt-" + name, value);
    }

    @Override
    public void close() {
        redrive.close();
        broker.topics().deleteTopic(DLQ);
    }
}
