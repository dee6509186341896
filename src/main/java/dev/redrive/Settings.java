package dev.redrive;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be configured, read once at start and immutable afterwards. {@link SettingsReader} knows the
 * names and defaults; secrets never show up in {@code toString}.
 *
 * @param outcomeWindow how long a replayed letter must stay away before it counts as recovered
 * @param alertLag records that a consumer group may be behind before it is told of; 0 for never
 */
public record Settings(
        Database database,
        List<Cluster> clusters,
        Http http,
        Access access,
        Ingest ingest,
        Replay replay,
        @Nullable Webhook webhook,
        Channels channels,
        Duration outcomeWindow,
        int alertLag) {

    public Settings {
        clusters = List.copyOf(clusters);
    }

    /**
     * @param uri {@code postgresql://user:password@host:port/db}
     * @param poolSize connections of this process, 4 or more
     */
    public record Database(String uri, int poolSize) {
        @Override
        public String toString() {
            return "Database[uri=***, poolSize=" + poolSize + "]";
        }
    }

    /**
     * One Kafka cluster.
     *
     * @param client allow-listed client properties (security, SASL, SSL, bootstrap servers), no others
     * @param include whole topic names read besides those found by name
     * @param exclude whole topic names never read; wins over include
     */
    public record Cluster(
            String name, String groupId, Map<String, String> client, List<Pattern> include, List<Pattern> exclude) {
        public Cluster {
            requireNonNull(name, "name");
            client = Map.copyOf(client);
            include = List.copyOf(include);
            exclude = List.copyOf(exclude);
        }

        @Override
        public String toString() {
            return "Cluster[name=" + name + ", groupId=" + groupId + ", client=" + client.keySet() + "]";
        }
    }

    /** @param publicUrl base of links in alerts, without a trailing slash */
    public record Http(String host, int port, int managementPort, String publicUrl) {}

    /** @param adminToken the bootstrap token; null where the mode is none */
    public record Access(Mode mode, @Nullable String adminToken) {
        public enum Mode {
            NONE,
            TOKEN
        }

        @Override
        public String toString() {
            return "Access[mode=" + mode + "]";
        }
    }

    /**
     * @param instances consumers of this process and cluster, 1 or more
     * @param maxBodyBytes larger values are kept as a pointer: identity, size and hash only
     * @param discoveryInterval how often topics are listed
     */
    public record Ingest(int instances, int maxBodyBytes, Duration discoveryInterval) {}

    /**
     * @param lanes transactional producers a cluster, shared by all processes; change it only while no replay is queued
     * @param maxAttempts a letter that came back this often is parked and needs an explicit override
     * @param lease how long an owner may be silent before another process takes its lane
     */
    public record Replay(int lanes, int maxAttempts, Duration lease) {}

    /** @param secret {@code whsec_} and base64 of 24 to 64 bytes, as Standard Webhooks has it */
    public record Webhook(String url, String secret) {
        @Override
        public String toString() {
            return "Webhook[url=***, secret=***]";
        }
    }

    /**
     * For the endpoints that people add.
     *
     * @param secretsKey base64 of the 32 bytes that seal their addresses; null where nobody may add one
     * @param privateTargets where they may point besides public addresses
     */
    public record Channels(@Nullable String secretsKey, PrivateTargets privateTargets) {
        @Override
        public String toString() {
            return "Channels[secretsKey=***, privateTargets=" + privateTargets + "]";
        }
    }

    /** Tells every problem of the settings at once, because fixing a deployment one variable at a time is slow. */
    public static final class InvalidSettingsException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final transient List<String> problems;

        InvalidSettingsException(List<String> problems) {
            super("Invalid settings: " + String.join("; ", problems));
            this.problems = List.copyOf(problems);
        }

        List<String> problems() {
            return problems;
        }
    }
}
