package dev.redrive.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/** Main class of the broker's JVM: formats the storage when it is new, then runs Kafka's own main. */
public final class BrokerProcess {

    private BrokerProcess() {}

    /** @param arguments the file of the broker's properties */
    public static void main(String[] arguments) throws IOException {
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
}
