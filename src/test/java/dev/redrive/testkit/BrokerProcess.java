package dev.redrive.testkit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.slf4j.LoggerFactory;

/** Main class of the broker's JVM: formats the storage when it is new, then runs Kafka's own main. */
public final class BrokerProcess {

    private BrokerProcess() {}

    /** @param arguments the file of the broker's properties */
    public static void main(String[] arguments) throws IOException {
        // Of a broker it is the log that is read when something went wrong.
        logAt("org.apache.kafka", Level.WARN);
        logAt("kafka.server.KafkaRaftServer", Level.INFO);
        var properties = new Properties();
        try (var reader = Files.newBufferedReader(Path.of(arguments[0]))) {
            properties.load(reader);
        }
        if (!Files.exists(Path.of(properties.getProperty("log.dirs"), "meta.properties"))) {
            var cluster = Uuid.randomUuid().toString();
            var command = new String[] {"format", "--cluster-id", cluster, "--config", arguments[0]};
            if (StorageTool.execute(command, System.out) != 0) {
                throw new IllegalStateException("The storage could not be formatted");
            }
        }
        Kafka.main(new String[] {arguments[0]});
    }

    private static void logAt(String name, Level level) {
        ((Logger) LoggerFactory.getLogger(name)).setLevel(level);
    }
}
