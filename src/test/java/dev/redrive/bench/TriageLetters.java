package dev.redrive.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * What a desk holds after a bad month: 40 topics of four conventions, seven ways to fail in each, JSON orders of half a
 * kilobyte to one. Nine letters in ten come in bursts of 5,000 with one way to fail, as in an outage, mostly of a few of
 * the ways; the others are spread over all of them and all the time. The n-th letter is the same in every run but for the time of its
 * failure, which grows with n over 30 days up to the end that is given.
 */
final class TriageLetters {

    static final int TOPICS = 40;
    static final int FAILURES = 7;
    private static final int PARTITIONS = 6;
    private static final int BURST = 5_000;
    private static final long MONTH_MILLIS = 30L * 24 * 3_600_000;
    private static final List<String> DOMAINS = List.of(
            "orders",
            "payments",
            "invoices",
            "parcels",
            "refunds",
            "stock",
            "prices",
            "customers",
            "baskets",
            "coupons");
    private static final List<String> FAULTS = List.of(
            "PriceException: price of order %d is negative",
            "JsonMappingException: Cannot deserialize value of type `java.math.BigDecimal` from String \"%d,50\"",
            "DuplicateKeyException: duplicate key value violates unique constraint \"order_no\" (order_no)=(%d)",
            "SocketTimeoutException: Read timed out after 3000 ms for order %d",
            "NullPointerException: Cannot invoke \"Order.customer()\" because order %d is null",
            "IllegalStateException: order %d was closed before",
            "UnknownTopicOrPartitionException: This server does not host order stream %d");

    private final int letters;
    private final long end;

    /** @param end ms since 1970, when the last letter failed */
    TriageLetters(int letters, long end) {
        this.letters = letters;
        this.end = end;
    }

    /** Of one letter in a hundred, so that few letters share it. */
    static String orderNumber(int n) {
        return "A-%08d".formatted(n / 3);
    }

    static String topic(int number) {
        var domain = DOMAINS.get(number % DOMAINS.size());
        return switch (number / DOMAINS.size()) {
            case 0 -> domain + ".v1-dlt";
            case 1 -> "connect." + domain + "-dlq";
            case 2 -> "dead-letter-topic-" + domain;
            default -> domain + ".streams.DLQ";
        };
    }

    ConsumerRecord<byte[], byte[]> record(int n) {
        var random = new Random(n * 31L + 7);
        var chance = random.nextInt(10) == 0 ? random : new Random(n / BURST * 17L + 3);
        // The square makes the first topics and faults the frequent ones.
        int topic = (int) (TOPICS * Math.pow(chance.nextDouble(), 2));
        int fault = (int) (FAILURES * Math.pow(chance.nextDouble(), 2));
        long failedAt = end - MONTH_MILLIS + (long) ((double) MONTH_MILLIS * n / letters) - random.nextInt(60_000);
        var key = (n % 10 == 0 ? null : "cust-%06d".formatted(random.nextInt(200_000)));
        var value = value(n, random);
        return new ConsumerRecord<>(
                topic(topic),
                n % PARTITIONS,
                n,
                failedAt,
                TimestampType.CREATE_TIME,
                key == null ? -1 : key.length(),
                value.length,
                key == null ? null : key.getBytes(UTF_8),
                value,
                headers(n, topic, fault, failedAt, random),
                Optional.of(0));
    }

    private static byte[] value(int n, Random random) {
        var json = new StringBuilder(
                "{\"order\":{\"number\":\"" + orderNumber(n) + "\",\"total\":" + random.nextInt(100_000)
                        + ".50,\"currency\":\"EUR\"},\"customer\":{\"id\":" + random.nextInt(200_000)
                        + ",\"name\":\"M\\u00fcller "
                        + random.nextInt(1_000) + "\"},\"items\":[");
        for (int item = 0, items = 4 + random.nextInt(8); item < items; item++) {
            json.append(item == 0 ? "" : ",")
                    .append("{\"sku\":\"SKU-%05d\",\"quantity\":%d,\"note\":\"%016x\"}"
                            .formatted(random.nextInt(50_000), 1 + random.nextInt(9), random.nextLong()));
        }
        return json.append("]}").toString().getBytes(UTF_8);
    }

    private static RecordHeaders headers(int n, int topic, int fault, long failedAt, Random random) {
        var headers = new RecordHeaders();
        var origin = DOMAINS.get(topic % DOMAINS.size());
        var exception = FAULTS.get(fault).split(": ", 2);
        var type = (fault % 2 == 0 ? "com.acme." + origin + "." : "org.library.") + exception[0];
        var message = exception[1].formatted(n);
        var trace = trace(type, message, origin, fault);
        var put = new Put(headers);
        put.text("traceparent", "00-%016x%016x-%016x-01".formatted(random.nextLong(), (long) n, random.nextLong()));
        switch (topic / DOMAINS.size()) {
            case 0 -> {
                put.text(
                        "kafka_dlt-exception-fqcn",
                        "org.springframework.kafka.listener.ListenerExecutionFailedException");
                put.text("kafka_dlt-exception-cause-fqcn", type);
                put.text("kafka_dlt-exception-message", "Listener failed; " + message);
                put.text("kafka_dlt-exception-stacktrace", trace);
                put.text("kafka_dlt-original-topic", origin);
                put.number(
                        "kafka_dlt-original-partition", ByteBuffer.allocate(4).putInt(n % PARTITIONS));
                put.number("kafka_dlt-original-offset", ByteBuffer.allocate(8).putLong(n));
                put.number(
                        "kafka_dlt-original-timestamp", ByteBuffer.allocate(8).putLong(failedAt));
                put.text("kafka_dlt-original-timestamp-type", "CreateTime");
                put.text("kafka_dlt-original-consumer-group", origin + "-service");
            }
            case 1 -> {
                put.text("__connect.errors.topic", origin);
                put.text("__connect.errors.partition", Integer.toString(n % PARTITIONS));
                put.text("__connect.errors.offset", Integer.toString(n));
                put.text("__connect.errors.connector.name", origin + "-sink");
                put.text("__connect.errors.task.id", "0");
                put.text("__connect.errors.stage", "VALUE_CONVERTER");
                put.text("__connect.errors.class.name", "org.apache.kafka.connect.json.JsonConverter");
                put.text("__connect.errors.exception.class.name", type);
                put.text("__connect.errors.exception.message", message);
                put.text("__connect.errors.exception.stacktrace", trace);
            }
            case 2 -> {
                put.text("dead-letter-reason", message);
                put.text("dead-letter-exception-class-name", type);
                put.text("dead-letter-topic", origin);
                put.text("dead-letter-partition", Integer.toString(n % PARTITIONS));
                put.text("dead-letter-offset", Integer.toString(n));
            }
            default -> {
                put.text("__streams.errors.exception", type);
                put.text("__streams.errors.message", message);
                put.text("__streams.errors.stacktrace", trace);
                put.text("__streams.errors.topic", origin);
                put.text("__streams.errors.partition", Integer.toString(n % PARTITIONS));
                put.text("__streams.errors.offset", Integer.toString(n));
            }
        }
        return headers;
    }

    private static String trace(String type, String message, String origin, int fault) {
        var trace = new StringBuilder(type + ": " + message);
        trace.append("\n\tat com.acme.%1$s.Step%2$d.apply(Step%2$d.java:%3$d)".formatted(origin, fault, 20 + fault));
        trace.append("\n\tat com.acme.%1$s.Listener.on(Listener.java:31)".formatted(origin));
        for (int line = 0; line < 8; line++) {
            trace.append("\n\tat org.springframework.kafka.listener.KafkaMessageListenerContainer$ListenerConsumer"
                    + ".doInvokeRecordListener(KafkaMessageListenerContainer.java:" + (2_700 + line) + ")");
        }
        return trace.append("\n\tat java.base/java.lang.Thread.run(Thread.java:840)\n")
                .toString();
    }

    List<ConsumerRecord<byte[], byte[]>> records(int from, int to) {
        var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        for (int n = from; n < to; n++) {
            records.add(record(n));
        }
        return records;
    }

    private record Put(RecordHeaders headers) {

        void text(String name, String value) {
            headers.add(name, value.getBytes(UTF_8));
        }

        void number(String name, ByteBuffer value) {
            headers.add(name, value.array());
        }
    }
}
