package dev.redrive.cluster;

import dev.redrive.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Command lines of Kafka's own tools for one cluster, ready for a POSIX shell whatever a name or value holds. */
final class TopicCommand {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");

    private final List<String> connection;

    TopicCommand(Settings.Cluster cluster) {
        var words = new ArrayList<>(
                List.of("--bootstrap-server", cluster.client().getOrDefault("bootstrap.servers", "localhost:9092")));
        if (!cluster.client().getOrDefault("security.protocol", "PLAINTEXT").equals("PLAINTEXT")) {
            words.addAll(List.of("--command-config", "client.properties"));
        }
        this.connection = List.copyOf(words);
    }

    String create(TopicPlan plan) {
        var words = new ArrayList<>(List.of(
                "--create",
                "--topic",
                plan.name(),
                "--partitions",
                Integer.toString(plan.partitions()),
                "--replication-factor",
                Integer.toString(plan.replicationFactor())));
        plan.configs().forEach((name, value) -> words.addAll(List.of("--config", name + "=" + value)));
        return line("kafka-topics.sh", words);
    }

    String partitions(String topic, int partitions) {
        return line(
                "kafka-topics.sh", List.of("--alter", "--topic", topic, "--partitions", Integer.toString(partitions)));
    }

    /** Brackets keep the commas of a value together: kafka-configs parts its settings by commas. */
    String configure(String topic, Map<String, ?> settings) {
        var list = settings.entrySet().stream()
                .map(entry -> {
                    var value = entry.getValue().toString();
                    return entry.getKey() + "=" + (value.contains(",") ? "[" + value + "]" : value);
                })
                .sorted()
                .collect(Collectors.joining(","));
        return line(
                "kafka-configs.sh",
                List.of("--alter", "--entity-type", "topics", "--entity-name", topic, "--add-config", list));
    }

    /** To whom is left to the reader: the cluster does not tell what it takes us for. */
    String allow(String topic, List<String> operations) {
        var words = new ArrayList<>(List.of("--add", "--allow-principal", "User:redrive"));
        operations.forEach(operation -> words.addAll(List.of("--operation", operation)));
        words.addAll(List.of("--topic", topic));
        return line("kafka-acls.sh", words);
    }

    String allowGroups(List<String> groups, String operation) {
        var words = new ArrayList<>(List.of("--add", "--allow-principal", "User:redrive", "--operation", operation));
        groups.forEach(group -> words.addAll(List.of("--group", group)));
        return line("kafka-acls.sh", words);
    }

    /** Of all lanes: more of them need no rule of their own. */
    String allowTransactions(String prefix) {
        return line(
                "kafka-acls.sh",
                List.of(
                        "--add",
                        "--allow-principal",
                        "User:redrive",
                        "--operation",
                        "Write",
                        "--operation",
                        "Describe",
                        "--transactional-id",
                        prefix,
                        "--resource-pattern-type",
                        "prefixed"));
    }

    String describe(String topic) {
        return line("kafka-topics.sh", List.of("--describe", "--topic", topic));
    }

    private String line(String tool, List<String> words) {
        var all = new ArrayList<>(connection);
        all.addAll(words);
        return tool + " " + all.stream().map(TopicCommand::quoted).collect(Collectors.joining(" "));
    }

    static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
