package dev.redrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.Settings.Access.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsReaderTest {

    private static final Map<String, String> LEAST = Map.of(
            "REDRIVE_DATABASE_URL", "postgresql://u:p@db/redrive",
            "REDRIVE_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092",
            "REDRIVE_AUTH", "none");

    @Test
    void fillsInTheDocumentedDefaults() {
        var settings = SettingsReader.read(LEAST);
        assertThat(settings.http()).isEqualTo(new Settings.Http("127.0.0.1", 8080, 8081, "http://127.0.0.1:8080"));
        assertThat(settings.outcomeWindow()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.replay()).isEqualTo(new Settings.Replay(4, 3, Duration.ofSeconds(30)));
        assertThat(settings.webhook()).isNull();
        assertThat(settings.clusters()).singleElement().satisfies(cluster -> {
            assertThat(cluster.groupId()).isEqualTo("redrive");
            assertThat(cluster.client()).containsExactly(Map.entry("bootstrap.servers", "kafka:9092"));
        });
    }

    @Test
    void readsEveryNameThatScriptsDependOn() {
        var settings = SettingsReader.read(with(Map.ofEntries(
                Map.entry("REDRIVE_KAFKA_SECURITY_PROTOCOL", "SASL_SSL"),
                Map.entry("REDRIVE_KAFKA_SASL_MECHANISM", "SCRAM-SHA-512"),
                Map.entry(
                        "REDRIVE_KAFKA_SASL_JAAS_CONFIG",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"u\" password=\"p\";"),
                Map.entry("REDRIVE_KAFKA_SSL_TRUSTSTORE_LOCATION", "/etc/trust.p12"),
                Map.entry("REDRIVE_KAFKA_GROUP_ID", "desk"),
                Map.entry("REDRIVE_CLUSTER_NAME", "prod"),
                Map.entry("REDRIVE_TOPICS_INCLUDE", "free-name, .+-oops"),
                Map.entry("REDRIVE_TOPICS_EXCLUDE", "noisy-dlq"),
                Map.entry("REDRIVE_HTTP_HOST", "0.0.0.0"),
                Map.entry("REDRIVE_HTTP_PORT", "80"),
                Map.entry("REDRIVE_MANAGEMENT_PORT", "81"),
                Map.entry("REDRIVE_AUTH", "token"),
                Map.entry("REDRIVE_ADMIN_TOKEN", "0123456789abcdef"),
                Map.entry("REDRIVE_WEBHOOK_URL", "https://hooks.example/redrive"),
                Map.entry("REDRIVE_WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                Map.entry("REDRIVE_SECRETS_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
                Map.entry("REDRIVE_ALERT_PRIVATE_TARGETS", "10.0.0.0/8, hooks.internal"),
                Map.entry("REDRIVE_OUTCOME_WINDOW", "PT5S"))));
        var cluster = settings.clusters().get(0);
        assertThat(cluster.name()).isEqualTo("prod");
        assertThat(cluster.groupId()).isEqualTo("desk");
        assertThat(cluster.client())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
                .containsEntry("ssl.truststore.location", "/etc/trust.p12")
                .containsKey("sasl.jaas.config");
        assertThat(cluster.include()).extracting(Pattern::pattern).containsExactly("free-name", ".+-oops");
        assertThat(cluster.exclude()).extracting(Pattern::pattern).containsExactly("noisy-dlq");
        assertThat(settings.http()).isEqualTo(new Settings.Http("0.0.0.0", 80, 81, "http://localhost:80"));
        assertThat(settings.access()).isEqualTo(new Settings.Access(Mode.TOKEN, "0123456789abcdef"));
        assertThat(settings.outcomeWindow()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.webhook()).isNotNull();
        assertThat(settings.channels().secretsKey()).isNotNull();
        assertThat(settings.channels().privateTargets().holds("hooks.internal")).isTrue();
        assertThat(settings.channels().privateTargets().holds("hooks.example")).isFalse();
    }

    @Test
    void tellsEveryProblemAtOnce() {
        assertThatThrownBy(() -> SettingsReader.read(Map.of(
                        "REDRIVE_DATABASE_URL", "mysql://db",
                        "REDRIVE_HTTP_PORT", "eighty",
                        "REDRIVE_OUTCOME_WINDOW", "60",
                        "REDRIVE_TOPICS_INCLUDE", "(",
                        "REDRIVE_SECRETS_KEY", "c2hvcnQ=",
                        "REDRIVE_ALERT_PRIVATE_TARGETS", "10.0.0.0/8, 10.0.0.0/99")))
                .isInstanceOf(Settings.InvalidSettingsException.class)
                .hasMessageContaining("REDRIVE_DATABASE_URL must look like")
                .hasMessageContaining("REDRIVE_HTTP_PORT must be a whole number")
                .hasMessageContaining("REDRIVE_OUTCOME_WINDOW must be an ISO 8601 duration")
                .hasMessageContaining("REDRIVE_KAFKA_BOOTSTRAP_SERVERS is required")
                .hasMessageContaining("REDRIVE_AUTH is required")
                .hasMessageContaining("is not a regular expression")
                .hasMessageContaining("REDRIVE_SECRETS_KEY must be base64 of 32 bytes")
                .hasMessageContaining("'10.0.0.0/99' is no network");
    }

    @Test
    void refusesToServeWithoutAccessControlBeyondLoopback() {
        assertThatThrownBy(() -> SettingsReader.read(with(Map.of("REDRIVE_HTTP_HOST", "0.0.0.0"))))
                .hasMessageContaining("only on a loopback address");
    }

    @Test
    void refusesClientPropertiesThatAreNotOnTheList() {
        assertThatThrownBy(() -> SettingsReader.read(with(Map.of("REDRIVE_KAFKA_METRIC_REPORTERS", "evil.Reporter"))))
                .hasMessageContaining("REDRIVE_KAFKA_METRIC_REPORTERS is not a Kafka client property");
        assertThatThrownBy(() -> SettingsReader.read(with(Map.of(
                        "REDRIVE_KAFKA_SASL_JAAS_CONFIG",
                        "com.sun.security.auth.module.JndiLoginModule required user.provider.url=\"ldap://x\";"))))
                .hasMessageContaining("must begin with one of");
    }

    @Test
    void readsTheFileUnderTheEnvironmentAndSecretsFromFilesOfTheirOwn(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("secret"), "file-token-0123456789\n");
        Files.writeString(folder.resolve("redrive.yaml"), """
                databaseUrl: postgresql://u:p@file/redrive
                auth: token
                adminTokenFile: %s
                httpPort: 9999
                clusters:
                  - {cluster-name: east, kafka: {bootstrapServers: "east:9092"}}
                  - {cluster-name: west, kafka: {bootstrapServers: "west:9092", groupId: desk}}
                """.formatted(folder.resolve("secret")));
        var settings = SettingsReader.read(
                Map.of("REDRIVE_CONFIG", folder.resolve("redrive.yaml").toString(), "REDRIVE_HTTP_PORT", "7777"));
        assertThat(settings.http().port()).isEqualTo(7777);
        assertThat(settings.access().adminToken()).isEqualTo("file-token-0123456789");
        assertThat(settings.clusters()).extracting(Settings.Cluster::name).containsExactly("east", "west");
        assertThat(settings.clusters().get(1).groupId()).isEqualTo("desk");
    }

    @Test
    void keepsSecretsOutOfItsText() {
        var text = SettingsReader.read(with(Map.of(
                        "REDRIVE_WEBHOOK_URL", "https://hooks.example/x",
                        "REDRIVE_WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")))
                .toString();
        assertThat(text).doesNotContain("u:p").doesNotContain("MfKQ").doesNotContain("hooks.example");
    }

    @Test
    void namesWhatIsNoSetting(@TempDir Path directory) throws IOException {
        var file = Files.writeString(directory.resolve("redrive.yaml"), "replay: {lane: 8, lanes: 8}\nclusters: []\n");
        assertThat(SettingsReader.unknown(with(Map.of(
                        "REDRIVE_CONFIG", file.toString(),
                        "REDRIVE_ADMIN_TOKN_FILE", "/run/secrets/token",
                        "REDRIVE_WINDOW", "PT5S"))))
                .containsExactly(
                        "REDRIVE_ADMIN_TOKN_FILE is no setting and changes nothing; was REDRIVE_ADMIN_TOKEN meant?",
                        "REDRIVE_REPLAY_LANE is no setting and changes nothing; was REDRIVE_REPLAY_LANES meant?",
                        "REDRIVE_WINDOW is no setting and changes nothing");
    }

    @Test
    void knowsWhatOthersReadAndWhatKubernetesWritesOfAServiceCalledRedrive() {
        assertThat(SettingsReader.unknown(with(Map.ofEntries(
                        Map.entry("REDRIVE_LOG_LEVEL", "DEBUG"),
                        Map.entry("REDRIVE_URL", "http://127.0.0.1:8080"),
                        Map.entry("REDRIVE_ADMIN_TOKEN_FILE", "/run/secrets/token"),
                        Map.entry("REDRIVE_KAFKA_SSL_TRUSTSTORE_LOCATION", "/etc/trust.p12"),
                        Map.entry("REDRIVE_CLUSTERS_0_KAFKA_BOOTSTRAP_SERVERS", "eu:9092"),
                        Map.entry("REDRIVE_CLUSTERS_0_TOPICS_INCLUDE", "free-name"),
                        Map.entry("REDRIVE_SERVICE_HOST", "10.0.0.1"),
                        Map.entry("REDRIVE_SERVICE_PORT_HTTP", "8080"),
                        Map.entry("REDRIVE_PORT", "tcp://10.0.0.1:8080"),
                        Map.entry("REDRIVE_PORT_8080_TCP_ADDR", "10.0.0.1")))))
                .isEmpty();
    }

    private static Map<String, String> with(Map<String, String> more) {
        var values = new HashMap<>(LEAST);
        values.putAll(more);
        return values;
    }
}
