package dev.redrive.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.testcontainers.kafka.KafkaContainer;

/**
 * A real Kafka 4.3.1, one node. {@link #shared()} is of the chosen {@link Backend}; a test that kills or pauses its broker
 * takes one of its {@link #own()}, which is always a child process of this JVM.
 */
public final class Broker implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String bootstrapServers;
    private final @Nullable BrokerServer server;
    private final @Nullable TcpProxy proxy;
    private @Nullable BrokerTopics topics;

    private Broker(String bootstrapServers, @Nullable BrokerServer server) {
        this(bootstrapServers, server, null);
    }

    private Broker(String bootstrapServers, @Nullable BrokerServer server, @Nullable TcpProxy proxy) {
        this.bootstrapServers = bootstrapServers;
        this.server = server;
        this.proxy = proxy;
    }

    /** Somebody else's to kill and close. @param topics may go another way than its users */
    static Broker reachedAt(String bootstrapServers, BrokerTopics topics) {
        var broker = new Broker(bootstrapServers, null);
        broker.topics = topics;
        return broker;
    }

    /**
     * One that other classes had before and will have, with their topics, and that this class has for itself; an external
     * one is everybody's at once. To be asked for in the thread of the test, see {@link LentBrokers}.
     */
    public static Broker shared() {
        return LentBrokers.broker();
    }

    static Broker forMany() {
        return switch (Backend.chosen()) {
            case EMBEDDED -> own();
            case CONTAINERS -> container();
            case EXTERNAL -> new Broker(Backend.address("REDRIVE_TEST_BOOTSTRAP"), null);
        };
    }

    /** A broker without topics for one test; close it. */
    public static Broker own() {
        return in(Path.of(
                "target", "testkit", "kafka-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet()));
    }

    /** As {@link #own}, with a network that can be cut. */
    public static Broker behindANetwork() {
        int port = Ports.free();
        var proxy = new TcpProxy(port);
        var directory =
                Path.of("target", "testkit", "kafka-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet());
        var broker = new Broker("127.0.0.1:" + proxy.port(), new BrokerServer(directory, port, proxy.port()), proxy);
        broker.awaitReady();
        return broker;
    }

    /** Connections stay, but nothing arrives at either side. */
    public void cutNetwork() {
        network().swallow();
    }

    public void mendNetwork() {
        network().forwardAgain();
    }

    private TcpProxy network() {
        if (proxy == null) {
            throw new IllegalStateException("Take Broker.behindANetwork()");
        }
        return proxy;
    }

    /** As {@link #own()}, with an authorizer that allows everything until the first rule about a topic. */
    public static Broker withAuthorizer() {
        return in(
                Path.of("target", "testkit", "kafka-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet()),
                Map.of(
                        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "allow.everyone.if.no.acl.found", "true"));
    }

    /** A broker on the data of this directory, which is made when it is not there. */
    public static Broker in(Path directory) {
        return in(directory, Map.of());
    }

    static Broker in(Path directory, Map<String, String> settings) {
        var server = new BrokerServer(directory, Ports.free(), settings);
        var broker = new Broker("127.0.0.1:" + server.port(), server);
        broker.awaitReady();
        return broker;
    }

    private static Broker container() {
        var container = new KafkaContainer("apache/kafka:4.3.1").withEnv(environment(BrokerServer.SETTINGS));
        container.start();
        return new Broker(container.getBootstrapServers(), null);
    }

    /** As the image wants them: {@code log.retention.ms} is {@code KAFKA_LOG_RETENTION_MS}. */
    private static Map<String, String> environment(Map<String, String> settings) {
        return settings.entrySet().stream()
                .collect(Collectors.toMap(
                        setting -> "KAFKA_" + setting.getKey().replace('.', '_').toUpperCase(Locale.ROOT),
                        Map.Entry::getValue));
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Topics and records of this broker; its clients live as long as the broker does. */
    public synchronized BrokerTopics topics() {
        if (topics == null) {
            topics = new BrokerTopics(bootstrapServers);
        }
        return topics;
    }

    /** A short way to {@link BrokerTopics#admin()}. */
    public Admin admin() {
        return topics().admin();
    }

    /** SIGKILL. */
    public void kill() {
        ownServer().process().kill9();
    }

    /** Starts again on the same data and ports; returns when the broker takes requests. */
    public void start() {
        ownServer().start();
        awaitReady();
    }

    /** The broker keeps its connections and answers nothing. */
    public void pause() {
        ownServer().process().pause();
    }

    public void resume() {
        ownServer().process().resume();
    }

    @Override
    public void close() {
        ownServer().process().close();
        if (topics != null) {
            topics.close();
        }
        if (proxy != null) {
            proxy.close();
        }
    }

    private void awaitReady() {
        var process = ownServer().process();
        Eventually.until(
                PATIENCE,
                "the broker at " + bootstrapServers,
                () -> !process.isAlive()
                        || !admin().describeCluster()
                                .nodes()
                                .get(2, TimeUnit.SECONDS)
                                .isEmpty());
        if (!process.isAlive()) {
            throw new IllegalStateException("The broker ended: " + process.output());
        }
    }

    private BrokerServer ownServer() {
        if (server == null) {
            throw new IllegalStateException("This broker is not ours to kill; take Broker.own()");
        }
        return server;
    }
}
