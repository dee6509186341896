package dev.redrive.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.BrokerTopics;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import dev.redrive.testkit.Vectors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Runs the browser tests of {@code ui/tests/browser} against the real thing: a broker, Postgres, Redrive as a process
 * and a consumer that fails. The letters they look for are made here.
 */
class BrowserIT {

    /** Of its own, because Redrive reads all that a broker has, and what other tests left there alerts too. */
    private static final Broker BROKER = Broker.own();

    private static final String ORDERS = "shop-orders";
    /** Of fifty failure groups, some larger than others. */
    private static final String RETURNS = "shop-returns-dlt";

    private static final String REFUNDS = "shop-refunds-dlt";
    /** More letters come while a test looks at it. */
    private static final String STREAM = "shop-stream-dlt";

    /** Names without digits, which a fingerprint may take for a counter. */
    private static final String[] FAILURES = IntStream.range(0, 50)
            .mapToObj(n -> "dev.shop.returns.Case" + (char) ('A' + n / 10) + (char) ('A' + n % 10) + "Exception")
            .toArray(String[]::new);

    @AfterAll
    static void close() {
        BROKER.close();
    }

    @Test
    void theBrowserTestsPass() throws Exception {
        BROKER.topics().createTopic(ORDERS, 2);
        BROKER.topics().createTopic(ORDERS + "-dlt", 2);
        try (var inbox = new AlertInbox();
                var tap = RecordTap.of(BROKER.topics(), STREAM);
                var consumer = new OrderConsumer(BROKER.bootstrapServers(), ORDERS);
                var redrive = RedriveProcess.on(Postgres.shared().freshDatabase(), BROKER.bootstrapServers())
                        .with("REDRIVE_KAFKA_GROUP_ID", "redrive-browser")
                        .with("REDRIVE_WEBHOOK_URL", inbox.url())
                        .with("REDRIVE_WEBHOOK_SECRET", AlertInbox.SECRET)
                        .with("REDRIVE_OUTCOME_WINDOW", "PT2S")
                        .start()) {
            order("cust-4711", "{\"orderId\":\"ord-771\",\"amount\":\"12,50\",\"ledgerId\":9007199254740993}");
            order("cust-0815", "{\"orderId\":\"ord-772\",\"amount\":\"none\"}");
            order("cust-0007", "{\"orderId\":\"ord-773\",\"amount\":\"a lot\",\"note\":\"gift \u202Efor you\"}");
            for (int n = 0; n < 20; n++) {
                order("cust-1" + n, "{\"orderId\":\"ord-8" + n + "\",\"amount\":\"" + n + " EUR\"}");
            }
            var link = inbox.linkOf(ORDERS + "-dlt");
            // Later, because of a hundred new failure groups in a minute one message lists the first ones alone.
            produceLettersOfManyConventions();
            produceLettersToTriage();
            awaitStored(redrive, RETURNS, 123);
            awaitStored(redrive, REFUNDS, 30);
            awaitStored(redrive, STREAM, 60);
            Playwright.pass(Map.of("REDRIVE_URL", redrive.url(), "REDRIVE_ALERT_LINK", link, "REDRIVE_TAP", tap.url()));
        }
    }

    private static void awaitStored(RedriveProcess redrive, String topic, int letters) {
        var address = URI.create(redrive.url() + "/api/v1/dead-letters?count=true&limit=1&q=topic:" + topic);
        Eventually.until(Duration.ofSeconds(90), letters + " letters of " + topic, () -> {
            var request = HttpRequest.newBuilder(address)
                    .timeout(Duration.ofSeconds(5))
                    .build();
            var page = new JsonObject(HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .body());
            return page.getJsonObject("total").getInteger("value") == letters;
        });
    }

    private static void order(String customer, String json) {
        BROKER.topics()
                .produce(
                        ORDERS,
                        customer.getBytes(UTF_8),
                        json.getBytes(UTF_8),
                        BrokerTopics.header("x-tenant", "acme".getBytes(UTF_8)),
                        BrokerTopics.header("x-route", "a".getBytes(UTF_8)),
                        BrokerTopics.header("x-route", "b".getBytes(UTF_8)),
                        BrokerTopics.header("x-nothing", null));
    }

    private static void produceLettersToTriage() {
        List.of(RETURNS, REFUNDS, STREAM).forEach(topic -> BROKER.topics().createTopic(topic, 1));
        for (int group = 0; group < 50; group++) {
            for (int n = 0; n <= group % 4; n++) {
                RecordTap.fail(BROKER.topics(), RETURNS, "ret-" + group + "-" + n, FAILURES[group]);
            }
        }
        for (int n = 0; n < 30; n++) {
            RecordTap.fail(BROKER.topics(), REFUNDS, "ref-" + n, "dev.shop.refunds.LedgerClosedException");
        }
        for (int n = 0; n < 60; n++) {
            RecordTap.fail(BROKER.topics(), STREAM, "str-" + n, RecordTap.FAILURE);
        }
    }

    private static void produceLettersOfManyConventions() {
        var topics = new HashSet<String>();
        for (var vector : Vectors.all()) {
            if (!vector.expected().getBoolean("isDeadLetter")) {
                continue;
            }
            if (topics.add(vector.dlqTopic())) {
                BROKER.topics().createTopic(vector.dlqTopic(), 1);
            }
            BROKER.topics().produceAll(List.of(record(vector)));
        }
    }

    private static ProducerRecord<byte[], byte[]> record(Vectors.Vector vector) {
        var record = new ProducerRecord<byte[], byte[]>(
                vector.dlqTopic(),
                0,
                bytes(vector.content().key()),
                bytes(vector.content().value()));
        vector.content().headers().forEach(header -> record.headers().add(header.name(), bytes(header.value())));
        return record;
    }

    private static byte @Nullable [] bytes(@Nullable Buffer buffer) {
        return buffer == null ? null : buffer.getBytes();
    }
}
