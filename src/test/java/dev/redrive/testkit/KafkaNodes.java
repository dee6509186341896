package dev.redrive.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka of one or several nodes, each reached by its users through a {@link TcpProxy}. Who tests it goes another way,
 * which no fault of the network cuts, and so do the nodes among themselves. The first node is the only controller, so
 * that all others may die.
 */
public final class KafkaNodes implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String cluster = Uuid.randomUuid().toString();
    private final List<Node> nodes = new ArrayList<>();
    private final String host;
    private final BrokerTopics topics;

    private record Node(BrokerServer server, TcpProxy network, int direct) {

        boolean hasEnded() {
            return !server.process().isAlive();
        }
    }

    private KafkaNodes(int count, String host, Map<String, String> more) {
        this.host = host;
        int controller = Ports.free();
        for (int id = 1; id <= count; id++) {
            nodes.add(node(id, count, controller, more));
        }
        this.topics = new BrokerTopics(
                nodes.stream().map(node -> "127.0.0.1:" + node.direct()).collect(Collectors.joining(",")));
        awaitNodes(count);
    }

    /** @param count with three, everything has three replicas of which two must be in sync */
    public static KafkaNodes start(int count) {
        return new KafkaNodes(count, "127.0.0.1", Map.of());
    }

    /**
     * One node that its users know by a name.
     *
     * @param more settings of its own; the users' listener is called CLIENT
     */
    public static KafkaNodes named(String host, Map<String, String> more) {
        return new KafkaNodes(1, host, more);
    }

    private Node node(int id, int count, int controller, Map<String, String> more) {
        int users = Ports.free();
        int direct = Ports.free();
        var network = new TcpProxy(users);
        boolean first = id == 1;
        var settings = new HashMap<String, String>();
        settings.put("node.id", Integer.toString(id));
        settings.put("process.roles", first ? "broker,controller" : "broker");
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        settings.put(
                "listeners",
                "CLIENT://127.0.0.1:" + users + ",DIRECT://127.0.0.1:" + direct
                        + (first ? ",CONTROLLER://127.0.0.1:" + controller : ""));
        settings.put(
                "advertised.listeners", "CLIENT://" + host + ":" + network.port() + ",DIRECT://127.0.0.1:" + direct);
        settings.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,DIRECT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "DIRECT");
        if (count >= 3) {
            settings.putAll(Map.of(
                    "default.replication.factor", "3",
                    "min.insync.replicas", "2",
                    "replica.lag.time.max.ms", "3000",
                    "offsets.topic.replication.factor", "3",
                    "transaction.state.log.replication.factor", "3",
                    "transaction.state.log.min.isr", "2"));
        }
        settings.putAll(more);
        var directory = Path.of(
                "target", "testkit", "kafka-" + ProcessHandle.current().pid() + "-nodes-" + NUMBER.incrementAndGet());
        format(directory.toAbsolutePath(), settings);
        return new Node(new BrokerServer(directory, users, settings), network, direct);
    }

    /** Here and not in the node, because all nodes have one cluster's id. */
    private void format(Path directory, Map<String, String> more) {
        var settings = new HashMap<>(BrokerServer.SETTINGS);
        settings.put("log.dirs", directory.toString());
        settings.put("controller.listener.names", "CONTROLLER");
        settings.putAll(more);
        var lines = new StringBuilder();
        settings.forEach(
                (name, value) -> lines.append(name).append('=').append(value).append('\n'));
        try {
            Files.createDirectories(directory.getParent());
            var file = Files.writeString(Path.of(directory + ".format"), lines);
            var command = new String[] {"format", "--cluster-id", cluster, "--config", file.toString()};
            if (StorageTool.execute(command, System.out) != 0) {
                throw new IllegalStateException("The storage could not be formatted");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitNodes(int count) {
        Eventually.until(
                PATIENCE,
                count + " nodes",
                () -> nodes.stream().anyMatch(Node::hasEnded)
                        || topics.admin()
                                        .describeCluster()
                                        .nodes()
                                        .get(2, TimeUnit.SECONDS)
                                        .size()
                                == count);
        nodes.stream().filter(Node::hasEnded).forEach(node -> {
            throw new IllegalStateException(
                    "A node ended: " + node.server().process().output());
        });
    }

    /** As its users see it. */
    public Broker broker() {
        return Broker.reachedAt(bootstrapServers(), topics);
    }

    /** The users' way. */
    public String bootstrapServers() {
        return nodes.stream().map(node -> host + ":" + node.network().port()).collect(Collectors.joining(","));
    }

    public BrokerTopics topics() {
        return topics;
    }

    /** @param id from 1 */
    public TcpProxy network(int id) {
        return nodes.get(id - 1).network();
    }

    /** All connections of users end by a reset. */
    public void resetAll() {
        nodes.forEach(node -> node.network().reset());
    }

    /** SIGKILL. */
    public void kill(int id) {
        nodes.get(id - 1).server().process().kill9();
    }

    /** Starts it again on the same data and ports; does not wait. */
    public void startAgain(int id) {
        nodes.get(id - 1).server().start();
    }

    /** Returns when all nodes are there. */
    public void awaitAll() {
        awaitNodes(nodes.size());
    }

    public void pause(int id) {
        nodes.get(id - 1).server().process().pause();
    }

    public void resume(int id) {
        nodes.get(id - 1).server().process().resume();
    }

    /** @return the node that leads a partition; null while nobody does */
    public @Nullable Integer leaderOf(String topic, int partition) {
        var leader = topics.describe(topic).partitions().get(partition).leader();
        return leader == null || leader.isEmpty() ? null : leader.id();
    }

    @Override
    public void close() {
        topics.close();
        nodes.forEach(node -> {
            node.server().process().close();
            node.network().close();
        });
    }
}
