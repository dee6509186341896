package dev.redrive;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which Kafka client properties an administrator may set. An allow-list, because others open files, addresses or
 * classes (CVE-2023-25194, CVE-2025-27817).
 */
final class KafkaProperty {

    static final Set<String> ALLOWED = new TreeSet<>(List.of(
            "bootstrap.servers",
            "security.protocol",
            "sasl.mechanism",
            "sasl.jaas.config",
            "ssl.truststore.location",
            "ssl.truststore.password",
            "ssl.truststore.type",
            "ssl.truststore.certificates",
            "ssl.keystore.location",
            "ssl.keystore.password",
            "ssl.keystore.type",
            "ssl.keystore.key",
            "ssl.keystore.certificate.chain",
            "ssl.key.password",
            "ssl.endpoint.identification.algorithm",
            "client.rack",
            "group.protocol"));

    /** Names under {@code REDRIVE_KAFKA_} that are not properties of the client. */
    private static final Set<String> OURS = Set.of("GROUP_ID");

    /** Modules that only compare a name and a password; none that looks something up over JNDI or LDAP. */
    private static final List<String> LOGIN_MODULES = List.of(
            "org.apache.kafka.common.security.plain.PlainLoginModule",
            "org.apache.kafka.common.security.scram.ScramLoginModule");

    private KafkaProperty() {}

    static boolean known(String environmentName) {
        var name = environmentName.endsWith("_FILE")
                ? environmentName.substring(0, environmentName.length() - "_FILE".length())
                : environmentName;
        return OURS.contains(name)
                || ALLOWED.contains(name.toLowerCase(Locale.ROOT).replace('_', '.'));
    }

    /** @return what is wrong with the values, empty if nothing; never the values of secrets */
    static List<String> problem(Map<String, String> client) {
        var protocol = client.getOrDefault("group.protocol", "classic");
        if (!protocol.equalsIgnoreCase("classic") && !protocol.equalsIgnoreCase("consumer")) {
            return List.of("REDRIVE_KAFKA_GROUP_PROTOCOL must be classic or consumer, not '" + protocol + "'");
        }
        var jaas = client.get("sasl.jaas.config");
        if (jaas != null
                && LOGIN_MODULES.stream().noneMatch(module -> jaas.strip().startsWith(module + " "))) {
            return List.of("REDRIVE_KAFKA_SASL_JAAS_CONFIG must begin with one of " + LOGIN_MODULES);
        }
        return List.of();
    }
}
