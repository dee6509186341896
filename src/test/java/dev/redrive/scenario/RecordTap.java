package dev.redrive.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.redrive.testkit.BrokerTopics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** Writes failed records to a dead-letter topic when it is asked to: a browser test speaks HTTP and no Kafka. */
final class RecordTap implements AutoCloseable {

    static final String FAILURE = "dev.shop.stream.TooLateException";

    private final HttpServer server;
    private final BrokerTopics topics;
    private final String topic;
    private int written;

    private RecordTap(HttpServer server, BrokerTopics topics, String topic) {
        this.server = server;
        this.topics = topics;
        this.topic = topic;
    }

    static RecordTap of(BrokerTopics topics, String topic) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var tap = new RecordTap(server, topics, topic);
        server.createContext("/", tap::pour);
        server.start();
        return tap;
    }

    /** The body of a POST says how many. */
    private void pour(HttpExchange exchange) throws IOException {
        int wanted = Integer.parseInt(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        for (int n = 0; n < wanted; n++) {
            fail(topics, topic, "poured-" + written++, FAILURE);
        }
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    /** A record as Spring Kafka would have written it. */
    static void fail(BrokerTopics topics, String topic, String key, String exceptionClass) {
        topics.produce(
                topic,
                key.getBytes(UTF_8),
                ("{\"id\":\"" + key + "\"}").getBytes(UTF_8),
                BrokerTopics.header("kafka_dlt-exception-fqcn", exceptionClass.getBytes(UTF_8)),
                BrokerTopics.header("kafka_dlt-exception-message", "it is closed".getBytes(UTF_8)),
                BrokerTopics.header(
                        "kafka_dlt-original-topic", topic.replace("-dlt", "").getBytes(UTF_8)),
                BrokerTopics.header(
                        "kafka_dlt-original-partition",
                        ByteBuffer.allocate(4).putInt(0).array()),
                BrokerTopics.header(
                        "kafka_dlt-original-offset",
                        ByteBuffer.allocate(8).putLong(key.hashCode()).array()),
                BrokerTopics.header("kafka_dlt-original-consumer-group", "returns-svc".getBytes(UTF_8)));
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
