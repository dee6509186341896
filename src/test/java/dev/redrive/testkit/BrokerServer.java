package dev.redrive.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One Kafka 4.3 node, broker and controller at once, as a child JVM with its data in one directory. */
final class BrokerServer {

    private final Path directory;
    private final int port;
    private final int advertised;
    private final Map<String, String> more;
    private final Path properties;
    private ChildJvm process;

    BrokerServer(Path directory, int port) {
        this(directory, port, port, Map.of());
    }

    /** @param advertised the port that clients are told */
    BrokerServer(Path directory, int port, int advertised) {
        this(directory, port, advertised, Map.of());
    }

    /** @param more settings of this broker alone */
    BrokerServer(Path directory, int port, Map<String, String> more) {
        this(directory, port, port, more);
    }

    private BrokerServer(Path directory, int port, int advertised, Map<String, String> more) {
        this.directory = directory.toAbsolutePath();
        this.port = port;
        this.advertised = advertised;
        this.more = Map.copyOf(more);
        this.properties = writeProperties();
        this.process = launch();
    }

    int port() {
        return port;
    }

    /** Starts again on the same data and ports after {@link ChildJvm#kill9()}. */
    void start() {
        process.close();
        process = launch();
    }

    ChildJvm process() {
        return process;
    }

    private ChildJvm launch() {
        return ChildJvm.start(new ChildJvm.Program(
                BrokerProcess.class.getName(),
                List.of(properties.toString()),
                ChildJvm.ownClassPath(),
                List.of("-Xmx512m", "-XX:+UseSerialGC"),
                Map.of(),
                Path.of(directory + ".log")));
    }

    private Path writeProperties() {
        var lines = new StringBuilder();
        settings()
                .forEach((name, value) ->
                        lines.append(name).append('=').append(value).append('\n'));
        try {
            Files.createDirectories(directory.getParent());
            return Files.writeString(Path.of(directory + ".properties"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> settings() {
        var controller = Ports.free();
        var settings = new LinkedHashMap<>(SETTINGS);
        settings.put("log.dirs", directory.toString());
        settings.put("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller);
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + advertised);
        settings.put("controller.quorum.voters", "1@127.0.0.1:" + controller);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        settings.putAll(more);
        return settings;
    }

    /** What a broker of any backend is set to: small, alone, keeping everything, quick to notice a death. */
    static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "4"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "4"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.num.partitions", "2"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("group.min.session.timeout.ms", "500"),
            Map.entry("broker.session.timeout.ms", "2000"),
            Map.entry("broker.heartbeat.interval.ms", "500"),
            // Nobody waits for the high watermark of the metadata while nothing happens; half of what an idle broker
            // did.
            Map.entry("metadata.max.idle.interval.ms", "0"),
            Map.entry("log.retention.ms", "-1"),
            // What a topic's own retention deletes is gone in a second, and not in minutes.
            Map.entry("log.initial.task.delay.ms", "1000"),
            Map.entry("log.retention.check.interval.ms", "1000"),
            Map.entry("message.max.bytes", Integer.toString(80 << 20)),
            Map.entry("socket.request.max.bytes", Integer.toString(100 << 20)),
            Map.entry("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20)),
            Map.entry("num.network.threads", "2"),
            Map.entry("num.io.threads", "4"));
}
