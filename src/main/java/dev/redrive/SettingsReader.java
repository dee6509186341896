package dev.redrive;

import dev.redrive.Settings.Access;
import dev.redrive.Settings.Channels;
import dev.redrive.Settings.Cluster;
import dev.redrive.Settings.Database;
import dev.redrive.Settings.Http;
import dev.redrive.Settings.Ingest;
import dev.redrive.Settings.Replay;
import dev.redrive.Settings.Webhook;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings by the names that scripts depend on (design.md §9). Values come from one flat map: the YAML file
 * flattened to the same names, with the environment over it. A name with {@code _FILE} behind it names a file that
 * holds the secret.
 */
final class SettingsReader {

    private static final String PREFIX = "REDRIVE_";

    private final Map<String, String> values;
    private final List<String> problems = new ArrayList<>();
    private final Set<String> asked = new HashSet<>();

    private SettingsReader(Map<String, String> values) {
        this.values = values;
    }

    /** @throws Settings.InvalidSettingsException naming every problem at once */
    static Settings read(Map<String, String> environment) {
        var reader = new SettingsReader(SettingsFile.under(environment));
        var settings = reader.settings();
        if (!reader.problems.isEmpty()) {
            throw new Settings.InvalidSettingsException(reader.problems);
        }
        return settings;
    }

    /** @return a sentence for each name with a value that looks like a setting and is none */
    static List<String> unknown(Map<String, String> environment) {
        var reader = new SettingsReader(SettingsFile.under(environment));
        reader.settings();
        reader.values.values().removeIf(String::isBlank);
        return UnknownSettings.among(reader.values.keySet(), reader.asked);
    }

    private Settings settings() {
        int port = port("HTTP_PORT", 8080);
        var host = text("HTTP_HOST", "127.0.0.1");
        var publicHost = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
        var http = new Http(
                host,
                port,
                port("MANAGEMENT_PORT", 8081),
                text("PUBLIC_URL", "http://" + publicHost + ":" + port).replaceAll("/+$", ""));
        return new Settings(
                new Database(databaseUrl(), number("DATABASE_POOL_SIZE", 10, 4, 200)),
                clusters(),
                http,
                access(host),
                new Ingest(
                        number("INGEST_INSTANCES", 1, 1, 64),
                        number("MAX_BODY_BYTES", 64 * 1024 * 1024, 1024, 256 * 1024 * 1024),
                        duration("DISCOVERY_INTERVAL", Duration.ofSeconds(3))),
                new Replay(
                        number("REPLAY_LANES", 4, 1, 64),
                        number("REPLAY_MAX_ATTEMPTS", 3, 1, 1000),
                        duration("REPLAY_LEASE", Duration.ofSeconds(30))),
                webhook(),
                channels(),
                duration("OUTCOME_WINDOW", Duration.ofSeconds(60)),
                number("ALERT_LAG", 1_000, 0, Integer.MAX_VALUE));
    }

    private String databaseUrl() {
        var url = required("DATABASE_URL");
        if (!url.isEmpty() && !url.startsWith("postgresql://") && !url.startsWith("postgres://")) {
            problems.add("REDRIVE_DATABASE_URL must look like postgresql://user:password@host:port/db");
        }
        return url;
    }

    /** The first cluster has plain names; further ones are {@code REDRIVE_CLUSTERS_<n>_…} (n from 1), as in the file. */
    private List<Cluster> clusters() {
        var clusters = new ArrayList<Cluster>();
        if (values.containsKey(PREFIX + "KAFKA_BOOTSTRAP_SERVERS") || !values.containsKey(clusterName(0))) {
            clusters.add(cluster("", "default"));
        }
        for (int n = 0; values.containsKey(clusterName(n)); n++) {
            clusters.add(cluster("CLUSTERS_" + n + "_", "cluster-" + n));
        }
        return clusters;
    }

    private static String clusterName(int n) {
        return PREFIX + "CLUSTERS_" + n + "_KAFKA_BOOTSTRAP_SERVERS";
    }

    private Cluster cluster(String prefix, String defaultName) {
        required(prefix + "KAFKA_BOOTSTRAP_SERVERS");
        return new Cluster(
                text(prefix + "CLUSTER_NAME", defaultName),
                text(prefix + "KAFKA_GROUP_ID", "redrive"),
                client(prefix + "KAFKA_"),
                patterns(prefix + "TOPICS_INCLUDE"),
                patterns(prefix + "TOPICS_EXCLUDE"));
    }

    /** Only what {@link KafkaProperty} allows; JAAS login modules and token endpoints that read files are refused. */
    private Map<String, String> client(String prefix) {
        var client = new HashMap<String, String>();
        for (var property : KafkaProperty.ALLOWED) {
            optional(prefix + property.toUpperCase(Locale.ROOT).replace('.', '_'))
                    .forEach(value -> client.put(property, value));
        }
        for (var name : values.keySet()) {
            if (name.startsWith(PREFIX + prefix) && !KafkaProperty.known(name.substring((PREFIX + prefix).length()))) {
                problems.add(name + " is not a Kafka client property that Redrive accepts");
            }
        }
        KafkaProperty.problem(client).forEach(problems::add);
        return client;
    }

    private Access access(String host) {
        var token = optional("ADMIN_TOKEN").findFirst().orElse(null);
        var mode = text("AUTH", "").toLowerCase(Locale.ROOT);
        switch (mode) {
            case "none" -> {
                if (!isLoopback(host)) {
                    problems.add("REDRIVE_AUTH=none is accepted only on a loopback address, not on " + host);
                }
                return new Access(Access.Mode.NONE, null);
            }
            case "token" -> {
                if (token == null || token.length() < 16) {
                    problems.add("REDRIVE_AUTH=token needs REDRIVE_ADMIN_TOKEN with at least 16 characters");
                }
            }
            case "" -> problems.add("REDRIVE_AUTH is required: token, or none on a loopback address");
            case "oidc" -> problems.add("REDRIVE_AUTH=oidc is not built yet; use token");
            default -> problems.add("REDRIVE_AUTH must be none, token or oidc, not '" + mode + "'");
        }
        return new Access(Access.Mode.TOKEN, token);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    private @Nullable Webhook webhook() {
        var url = text("WEBHOOK_URL", "");
        var secret = optional("WEBHOOK_SECRET").findFirst().orElse("");
        if (url.isEmpty()) {
            return null;
        }
        var scheme = schemeOf(url);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            problems.add("REDRIVE_WEBHOOK_URL must be an http or https address");
        }
        if (!secret.startsWith("whsec_") || !Base64Key.holds(secret.substring("whsec_".length()), 24, 64)) {
            problems.add("REDRIVE_WEBHOOK_SECRET must be whsec_ and base64 of 24 to 64 bytes");
        }
        return new Webhook(url, secret);
    }

    private Channels channels() {
        var key = optional("SECRETS_KEY").findFirst().orElse(null);
        if (key != null && !Base64Key.holds(key, 32, 32)) {
            problems.add("REDRIVE_SECRETS_KEY must be base64 of 32 bytes, as openssl rand -base64 32 writes it");
        }
        try {
            return new Channels(key, PrivateTargets.of(text("ALERT_PRIVATE_TARGETS", "")));
        } catch (IllegalArgumentException unreadable) {
            problems.add("REDRIVE_ALERT_PRIVATE_TARGETS: " + unreadable.getMessage());
            return new Channels(key, PrivateTargets.of(""));
        }
    }

    private static String schemeOf(String url) {
        try {
            var uri = URI.create(url);
            return uri.getHost() == null || uri.getScheme() == null ? "" : uri.getScheme();
        } catch (IllegalArgumentException notAnAddress) {
            return "";
        }
    }

    private String required(String name) {
        var value = optional(name).findFirst().orElse("");
        if (value.isBlank()) {
            problems.add(PREFIX + name + " is required");
        }
        return value;
    }

    private String text(String name, String fallback) {
        return optional(name).findFirst().orElse(fallback);
    }

    /** None or one value. A secret's file ends with a newline more often than not, hence the strip. */
    private Stream<String> optional(String name) {
        asked.add(PREFIX + name);
        var file = values.get(PREFIX + name + "_FILE");
        if (file == null) {
            return Stream.ofNullable(values.get(PREFIX + name)).filter(value -> !value.isBlank());
        }
        try {
            return Stream.of(Files.readString(Path.of(file)).strip());
        } catch (IOException unreadable) {
            problems.add(PREFIX + name + "_FILE names " + file + ", which cannot be read");
            return Stream.empty();
        }
    }

    private int port(String name, int fallback) {
        return number(name, fallback, 0, 65_535);
    }

    private int number(String name, int fallback, int least, int most) {
        var value = text(name, Integer.toString(fallback));
        try {
            int number = Integer.parseInt(value.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Said below, with the range.
        }
        problems.add(PREFIX + name + " must be a whole number from " + least + " to " + most + ", not '" + value + "'");
        return fallback;
    }

    private Duration duration(String name, Duration fallback) {
        var value = text(name, fallback.toString());
        try {
            var duration = Duration.parse(value.strip());
            if (!duration.isNegative() && !duration.isZero()) {
                return duration;
            }
        } catch (DateTimeParseException notADuration) {
            // Said below, with an example.
        }
        problems.add(PREFIX + name + " must be an ISO 8601 duration such as PT60S, not '" + value + "'");
        return fallback;
    }

    private List<Pattern> patterns(String name) {
        var patterns = new ArrayList<Pattern>();
        for (var text : text(name, "").split(",")) {
            try {
                if (!text.isBlank()) {
                    patterns.add(Pattern.compile(text.strip()));
                }
            } catch (PatternSyntaxException invalid) {
                problems.add(
                        PREFIX + name + ": '" + text + "' is not a regular expression: " + invalid.getDescription());
            }
        }
        return patterns;
    }
}
