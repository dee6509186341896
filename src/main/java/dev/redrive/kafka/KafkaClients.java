package dev.redrive.kafka;

import dev.redrive.Settings;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaProducer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.ClientDnsLookup;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Opens the clients of one cluster with the guarantees this product relies on. Keys and values stay opaque bytes.
 * Every call leaves a client to the caller, who closes it.
 */
public final class KafkaClients {

    private static final Map<String, String> ADMIN = Map.of(
            AdminClientConfig.CLIENT_ID_CONFIG, "redrive-admin",
            AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000",
            AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "15000");

    private final Settings.Cluster cluster;

    public KafkaClients(Settings.Cluster cluster) {
        this.cluster = cluster;
    }

    public Settings.Cluster cluster() {
        return cluster;
    }

    /** @throws org.apache.kafka.common.config.ConfigException where no client can be made of the settings, ever */
    public void check() {
        new AdminClientConfig(with(ADMIN));
    }

    /**
     * Asynchronous by itself ({@code KafkaFuture}); its calls time out after 15 s. To make it blocks on the name server.
     *
     * @throws NetworkException while none of the brokers' names is known
     * @throws KafkaException where something that the settings name does not fit, such as a key store
     */
    public Admin admin() {
        lookUp();
        try {
            return Admin.create(with(ADMIN));
        } catch (KafkaException failure) {
            // Kafka's own says only that there is no client.
            throw failure.getCause() instanceof KafkaException why ? why : failure;
        }
    }

    /** Every client does it once while it is made. */
    private void lookUp() {
        var servers = cluster.client().getOrDefault(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "");
        try {
            ClientUtils.parseAndValidateAddresses(
                    List.of(servers.strip().split("\\s*,\\s*")), ClientDnsLookup.USE_ALL_DNS_IPS);
        } catch (ConfigException unknown) {
            throw new NetworkException("No broker's name is known", unknown);
        }
    }

    /**
     * A member of the ingest group. It never commits by itself, never jumps by itself ({@code auto.offset.reset=none})
     * and sees only committed records. To be wrapped by {@code KafkaReadStream.create(vertx, consumer)}.
     *
     * @param budget bounds the bytes of one poll; renewed by the caller
     */
    public KafkaConsumer<byte[], byte[]> ingestConsumer(PollBudget budget) {
        var config = new HashMap<String, String>(Map.of(
                ConsumerConfig.CLIENT_ID_CONFIG, "redrive-ingest",
                ConsumerConfig.GROUP_ID_CONFIG, cluster.groupId(),
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none",
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false",
                ConsumerConfig.METADATA_MAX_AGE_CONFIG, "5000",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "500",
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, "1048576",
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG, "16777216"));
        config.putAll(groupProtocol());
        return new KafkaConsumer<>(with(config), new ByteArrayDeserializer(), budget);
    }

    /** With KIP-848 the broker assigns partitions, and a strategy of our own is refused. */
    private Map<String, String> groupProtocol() {
        var protocol = cluster.client().getOrDefault(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        return protocol.equalsIgnoreCase("consumer")
                ? Map.of(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "consumer")
                : Map.of(
                        ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                        "classic",
                        // A process that was killed is missed for 10 s and not for the default of 45 s.
                        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                        "10000",
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                        CooperativeStickyAssignor.class.getName());
    }

    /** A reader outside any group, for receipts, samples and source records. The caller assigns and seeks. */
    public KafkaConsumer<byte[], byte[]> reader(String isolationLevel) {
        return new KafkaConsumer<>(
                with(Map.of(
                        ConsumerConfig.CLIENT_ID_CONFIG, "redrive-reader",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none",
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolationLevel,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false",
                        // It goes from place to place: a request that waits at an end holds up the next one.
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "50",
                        ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "15000")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /**
     * The producer of one lane. Its transactions are short on purpose: a dead Redrive must not hold back the
     * read_committed consumers of a production topic for the default of 60 s.
     *
     * @param maxRequestSize bytes; follows the largest target, so that the target's own limit is the only one
     */
    public KafkaProducer<byte[], byte[]> laneProducer(Vertx vertx, String transactionalId, int maxRequestSize) {
        var config = new HashMap<String, String>(producer(maxRequestSize));
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, "30000");
        return KafkaProducer.create(vertx, properties(config), new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** For clusters without transactions: idempotent, one record in flight. */
    public KafkaProducer<byte[], byte[]> plainProducer(Vertx vertx, int maxRequestSize) {
        var config = new HashMap<String, String>(producer(maxRequestSize));
        config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
        return KafkaProducer.create(vertx, properties(config), new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static Map<String, String> producer(int maxRequestSize) {
        return Map.of(
                ProducerConfig.ACKS_CONFIG, "all",
                // A record has to fit in there too; the memory is taken as it is needed.
                ProducerConfig.BUFFER_MEMORY_CONFIG, Integer.toString(Math.max(32 << 20, maxRequestSize)),
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true",
                ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(maxRequestSize),
                ProducerConfig.LINGER_MS_CONFIG, "5",
                ProducerConfig.BATCH_SIZE_CONFIG, "131072",
                ProducerConfig.MAX_BLOCK_MS_CONFIG, "15000",
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000",
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "20000");
    }

    private Properties properties(Map<String, String> ours) {
        var properties = new Properties();
        properties.putAll(with(ours));
        return properties;
    }

    /** Only members of a group know a group protocol. Our own guarantees win over whatever the settings hold. */
    private Map<String, Object> with(Map<String, String> ours) {
        var config = new HashMap<String, Object>(cluster.client());
        config.remove(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
        config.putAll(ours);
        return config;
    }
}
