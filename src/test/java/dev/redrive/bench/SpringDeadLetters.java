package dev.redrive.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.redrive.testkit.Broker;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Dead letters as Spring Kafka 3.3 writes them (DeadLetterPublishingRecoverer): key 16 B, value 1 kB, stack trace about
 * 2.4 kB. The message differs in every record, hence every stack trace does; of their frames there are 200 sets.
 */
final class SpringDeadLetters {

    /** As the origin has; a letter goes to the partition that its original came from. */
    static final int PARTITIONS = 6;

    private static final int FRAME_SETS = 200;
    private static final int CHUNK = 1_000;

    private static final int VALUE_BYTES = 1_024;
    private static final int TRACE_CHARS = 2_200;
    private static final List<String> PARTS = List.of(
            "Price", "Stock", "Order", "Basket", "Invoice", "Refund", "Parcel", "Coupon", "Address", "Customer");
    private static final List<String> ROLES = List.of(
            "Reader",
            "Writer",
            "Checker",
            "Mapper",
            "Loader",
            "Sender",
            "Finder",
            "Parser",
            "Router",
            "Merger",
            "Splitter",
            "Counter",
            "Builder",
            "Printer",
            "Planner",
            "Ranker",
            "Signer",
            "Closer",
            "Packer",
            "Tracker");

    private static final List<String> FRAMES =
            IntStream.range(0, FRAME_SETS).mapToObj(SpringDeadLetters::frames).toList();

    private final String topic;
    private final Random random = new Random(42);

    SpringDeadLetters(String topic) {
        this.topic = topic;
    }

    /**
     * Fills a topic that is made here. The first record of each partition goes alone: a partition made just now may
     * refuse a batch and take the one behind it, after which an idempotent producer gets no further
     * (OutOfOrderSequenceException).
     */
    static void produce(Broker broker, String topic, int records) {
        broker.topics().createTopic(topic, PARTITIONS, Map.of("retention.ms", "-1"));
        var letters = new SpringDeadLetters(topic);
        int first = 0;
        while (first < records) {
            int chunk = first < PARTITIONS ? 1 : CHUNK;
            int end = Math.min(first + chunk, records);
            broker.topics()
                    .produceAll(IntStream.range(first, end)
                            .mapToObj(letters::record)
                            .toList());
            first = end;
        }
    }

    /** @param number of the record, from 0; the origin's offset too */
    ProducerRecord<byte[], byte[]> record(int number) {
        var message = "quantity of order %d of customer c-%08x must be positive: %d"
                .formatted(number, random.nextInt(), -1 - random.nextInt(1_000));
        var key = "order-%010d".formatted(number);
        return new ProducerRecord<>(
                topic, number % PARTITIONS, key.getBytes(UTF_8), value(number), headers(number, message));
    }

    /** Numbers at random, so that neither Kafka nor Postgres can make the kilobyte small. */
    private byte[] value(int number) {
        var json = new StringBuilder("{\"order\":" + number + ",\"items\":\"");
        while (json.length() < VALUE_BYTES - 2) {
            json.append(Long.toHexString(random.nextLong()));
        }
        json.setLength(VALUE_BYTES - 2);
        return json.append("\"}").toString().getBytes(UTF_8);
    }

    private static List<Header> headers(int number, String message) {
        var thrown = "Listener method 'public void com.acme.OrderListener.onOrder(java.lang.String)' threw exception; ";
        var trace = "org.springframework.kafka.listener.ListenerExecutionFailedException: " + thrown + message
                + "\n\tat org.springframework.kafka.listener.adapter.MessagingMessageListenerAdapter"
                + ".invokeHandler(MessagingMessageListenerAdapter.java:475)\n"
                + "Caused by: java.lang.IllegalStateException: " + message + FRAMES.get(number % FRAME_SETS);
        return List.of(
                text("kafka_dlt-exception-fqcn", "org.springframework.kafka.listener.ListenerExecutionFailedException"),
                text("kafka_dlt-exception-cause-fqcn", "java.lang.IllegalStateException"),
                text("kafka_dlt-exception-message", thrown + message),
                text("kafka_dlt-exception-stacktrace", trace),
                text("kafka_dlt-original-topic", "orders"),
                bytes("kafka_dlt-original-partition", ByteBuffer.allocate(4).putInt(number % PARTITIONS)),
                bytes("kafka_dlt-original-offset", ByteBuffer.allocate(8).putLong(number)),
                bytes("kafka_dlt-original-timestamp", ByteBuffer.allocate(8).putLong(System.currentTimeMillis())),
                text("kafka_dlt-original-timestamp-type", "CreateTime"),
                text("kafka_dlt-original-consumer-group", "order-service"));
    }

    /** The first own frame differs from set to set; what follows is the framework's. */
    private static String frames(int set) {
        var type = PARTS.get(set % PARTS.size()) + ROLES.get(set / PARTS.size());
        var frames = new StringBuilder();
        frames.append("\n\tat com.acme.orders.%1$s.apply(%1$s.java:%2$d)".formatted(type, 20 + set));
        frames.append("\n\tat com.acme.OrderListener.onOrder(OrderListener.java:31)");
        for (int line = 100; frames.length() < TRACE_CHARS - 500; line += 7) {
            frames.append("\n\tat org.springframework.kafka.listener.KafkaMessageListenerContainer$ListenerConsumer"
                    + ".doInvokeRecordListener(KafkaMessageListenerContainer.java:" + line + ")");
        }
        return frames.append("\n\tat java.base/java.lang.Thread.run(Thread.java:840)\n")
                .toString();
    }

    private static Header text(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }

    private static Header bytes(String name, ByteBuffer value) {
        return new RecordHeader(name, value.array());
    }
}
