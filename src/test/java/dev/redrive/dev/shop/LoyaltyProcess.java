package dev.redrive.dev.shop;

import dev.redrive.testkit.ChildJvm;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The {@link LoyaltyDesk} in a JVM of its own: SmallRye needs Vert.x 4, so that it cannot share our class path. Maven
 * writes the one it needs to {@code target/smallrye.classpath}; the system property {@code smallrye.classpath} names
 * another file.
 */
public final class LoyaltyProcess implements AutoCloseable {

    static final String GROUP = "loyalty-desk";

    private final ChildJvm process;

    /** @param output its log, in which {@code done <id>} is a line of each booking that went well */
    public LoyaltyProcess(Connection kafka, String topic, Path output) {
        this.process = ChildJvm.start(new ChildJvm.Program(
                LoyaltyDesk.class.getName(), List.of(), classPath(), options(kafka, topic), Map.of(), output));
    }

    /** SmallRye's default, which knows the channel and not the topic. */
    public static String deadLetterTopic() {
        return "dead-letter-topic-" + LoyaltyDesk.CHANNEL;
    }

    /** Whether this booking went well since the process was started. */
    public boolean isDone(String id) {
        return process.output().lines().anyMatch(line -> line.equals("done " + id));
    }

    private static List<String> options(Connection kafka, String topic) {
        var options = new ArrayList<>(List.of(
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        Map.ofEntries(
                        Map.entry("connector", "smallrye-kafka"),
                        Map.entry("topic", topic),
                        Map.entry("bootstrap.servers", kafka.bootstrapServers()),
                        Map.entry("group.id", GROUP),
                        Map.entry("auto.offset.reset", "earliest"),
                        Map.entry("isolation.level", "read_committed"),
                        Map.entry("session.timeout.ms", "6000"),
                        Map.entry("heartbeat.interval.ms", "500"),
                        Map.entry("value.deserializer", "org.apache.kafka.common.serialization.StringDeserializer"),
                        Map.entry("failure-strategy", "dead-letter-queue"),
                        Map.entry("commit-strategy", "latest"),
                        Map.entry("health-enabled", "false"))
                .forEach((name, value) ->
                        options.add("-Dmp.messaging.incoming." + LoyaltyDesk.CHANNEL + "." + name + "=" + value));
        return options;
    }

    private static List<String> classPath() {
        try {
            var path = new ArrayList<String>();
            path.add(Path.of(LoyaltyDesk.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString());
            var smallRye =
                    Files.readString(Path.of(System.getProperty("smallrye.classpath", "target/smallrye.classpath")));
            path.addAll(List.of(smallRye.strip().split(File.pathSeparator)));
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException("Maven writes the file in process-test-resources", e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
