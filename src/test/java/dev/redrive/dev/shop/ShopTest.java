package dev.redrive.dev.shop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each framework of the shop writes its own dead letters, in its own way. */
class ShopTest {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Broker broker = Broker.shared();
    private final Connection kafka = new Connection(broker.bootstrapServers());
    private final String run = "shop-" + UUID.randomUUID();
    private final Set<String> done = ConcurrentHashMap.newKeySet();

    @TempDir
    Path directory;

    @Test
    void thePlainClientWritesItsHandMadeLetter() {
        createTopics(run + "-heroes", run + "-heroes-dlq");
        try (var registry = new HeroRegistry(kafka, run + "-heroes", this::note)) {
            assertThat(registry).isNotNull();
            send(run + "-heroes", "{\"id\":\"hero-1\"}");
            send(run + "-heroes", "{\"id\":\"hero-2\",\"power\":\"patience\"}");
            assertThat(headersOf(letterIn(run + "-heroes-dlq"))).containsExactly("error");
            assertDone("hero-2");
        }
    }

    @Test
    void springWithoutRetryTopicsWritesItsLetterAfterTriesInPlace() {
        createTopics(run + "-orders", run + "-orders-dlt");
        try (var desk = new OrderDesk(kafka, run + "-orders", this::note)) {
            assertThat(desk).isNotNull();
            send(run + "-orders", "{\"id\":\"order-1\",\"amount\":\"12,50\"}");
            send(run + "-orders", "{\"id\":\"order-2\",\"amount\":12.50}");
            var letter = letterIn(run + "-orders-dlt");
            assertThat(headersOf(letter)).contains("kafka_dlt-original-topic", "kafka_dlt-original-consumer-group");
            assertThat(text(letter, "kafka_dlt-exception-cause-fqcn")).isEqualTo("java.lang.NumberFormatException");
            assertDone("order-2");
        }
    }

    @Test
    void springWithRetryTopicsTriesThreeTimesBeforeItsLetter() {
        createTopics(run + "-payments");
        var bank = new Bank(() -> false);
        try (var till = new Till(kafka, run + "-payments", bank, this::note)) {
            assertThat(till).isNotNull();
            send(run + "-payments", "{\"id\":\"payment-1\"}");
            var letter = letterIn(run + "-payments-dlt");
            assertThat(headersOf(letter)).contains("kafka_original-topic", "retry_topic-attempts");
            assertThat(bank.attempts("payment-1")).isEqualTo(Till.ATTEMPTS);
        }
    }

    @Test
    void streamsWritesItsLetterAndGoesOn() {
        createTopics(run + "-stock", run + "-stock-dlq");
        try (var keeper = new StockKeeper(kafka, run + "-stock", "cape"::equals, this::note, directory)) {
            assertThat(keeper).isNotNull();
            send(run + "-stock", "{\"id\":\"movement-1\",\"item\":\"hook\"}");
            send(run + "-stock", "{\"id\":\"movement-2\",\"item\":\"cape\"}");
            assertThat(text(letterIn(run + "-stock-dlq"), "__streams.errors.exception"))
                    .isEqualTo(StockKeeper.UnknownItemException.class.getName());
            assertDone("movement-2");
        }
    }

    @Test
    void smallRyeWritesItsLetterUnderTheNameOfItsChannel() {
        createTopics(run + "-loyalty", LoyaltyProcess.deadLetterTopic());
        try (var desk = new LoyaltyProcess(kafka, run + "-loyalty", directory.resolve("loyalty.log"))) {
            send(run + "-loyalty", "{\"id\":\"points-1\",\"points\":\"many\"}");
            send(run + "-loyalty", "{\"id\":\"points-2\",\"points\":7}");
            var letter = letterIn(LoyaltyProcess.deadLetterTopic());
            assertThat(text(letter, "dead-letter-exception-class-name")).isEqualTo("java.lang.NumberFormatException");
            Eventually.until(PATIENCE, "the healthy booking", () -> desk.isDone("points-2"));
        } finally {
            broker.topics().deleteTopic(LoyaltyProcess.deadLetterTopic());
        }
    }

    private void createTopics(String... names) {
        for (var name : names) {
            broker.topics().createTopic(name, 1);
        }
    }

    private void send(String topic, String value) {
        broker.topics().produce(topic, "key".getBytes(UTF_8), value.getBytes(UTF_8));
    }

    private void note(String consumer, String id) {
        done.add(id);
    }

    private void assertDone(String id) {
        Eventually.until(PATIENCE, id + " to be done", () -> done.contains(id));
    }

    private ConsumerRecord<byte[], byte[]> letterIn(String topic) {
        return Eventually.value(
                PATIENCE,
                "a letter in " + topic,
                () -> broker.topics().read(topic).stream().findFirst());
    }

    private static Iterable<String> headersOf(ConsumerRecord<byte[], byte[]> letter) {
        return StreamSupport.stream(letter.headers().spliterator(), false)
                .map(Header::key)
                .toList();
    }

    private static String text(ConsumerRecord<byte[], byte[]> letter, String header) {
        return Optional.ofNullable(letter.headers().lastHeader(header))
                .map(found -> new String(found.value(), UTF_8))
                .orElseThrow();
    }
}
