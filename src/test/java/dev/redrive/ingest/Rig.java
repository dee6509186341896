package dev.redrive.ingest;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Progress;
import dev.redrive.Settings;
import dev.redrive.kafka.KafkaClients;
import dev.redrive.letter.LetterContent;
import dev.redrive.letter.LetterContentStore;
import dev.redrive.postgres.Database;
import dev.redrive.testkit.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One ingest in this JVM on a broker and a database. It reads only the topics that begin with its prefix, so that
 * tests share a broker.
 */
final class Rig implements AutoCloseable {

    static final Duration SOON = Duration.ofSeconds(20);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    String prefix = "t" + ProcessHandle.current().pid() + "x" + NUMBER.incrementAndGet() + ".";
    final List<Gap> gaps = new CopyOnWriteArrayList<>();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Progress progress = new Progress();
    private final Vertx vertx = Vertx.vertx();
    private final Map<String, String> client = new HashMap<>();
    private final String database;
    private final Pool pool;
    private int instances = 1;
    private int maxBodyBytes = 64 << 20;
    private List<Pattern> include = List.of();
    private @Nullable Ingest ingest;
    private @Nullable String deployment;

    Rig(String bootstrapServers, String database) {
        client.put("bootstrap.servers", bootstrapServers);
        this.database = database;
        this.pool = new Database(new Settings.Database(database, 6)).open(vertx);
    }

    Rig protocol(String protocol) {
        client.put("group.protocol", protocol);
        return this;
    }

    /** A property of the Kafka client. */
    Rig client(String name, String value) {
        client.put(name, value);
        return this;
    }

    Rig instances(int count) {
        instances = count;
        return this;
    }

    Rig maxBodyBytes(int bytes) {
        maxBodyBytes = bytes;
        return this;
    }

    /** Reads every topic of a broker that no other test uses. */
    Rig withoutPrefix() {
        prefix = "";
        return this;
    }

    Rig include(String regex) {
        include = List.of(Pattern.compile(regex));
        return this;
    }

    String topic(String name) {
        return prefix + name;
    }

    String database() {
        return database;
    }

    Settings.Cluster cluster() {
        var others = Pattern.compile("(?!" + Pattern.quote(prefix) + ").*", Pattern.DOTALL);
        return new Settings.Cluster("test", "g-" + prefix, client, include, List.of(others));
    }

    Rig start() {
        var settings = new Settings.Ingest(instances, maxBodyBytes, Duration.ofSeconds(1));
        var started = new Ingest(
                settings,
                new KafkaClients(cluster()),
                pool,
                (connection, groups) -> Future.succeededFuture(),
                (connection, gap) -> {
                    gaps.add(gap);
                    return Future.succeededFuture();
                },
                registry,
                progress);
        ingest = started;
        deployment = await(vertx.deployVerticle(started));
        return this;
    }

    void stop() {
        if (deployment != null) {
            await(vertx.undeploy(deployment));
            deployment = null;
        }
    }

    IngestStatus status() {
        assertThat(ingest).isNotNull();
        return requireNonNull(ingest).status();
    }

    /** A connection of the test's own; it closes it. */
    Future<SqlConnection> connect() {
        return pool.getConnection();
    }

    List<Row> sql(String sql) {
        var rows = new ArrayList<Row>();
        await(pool.query(sql).execute()).forEach(rows::add);
        return rows;
    }

    long number(String sql) {
        return sql(sql).get(0).getLong(0);
    }

    long letters() {
        return number("SELECT count(*) FROM dead_letter");
    }

    long position(String topic, int partition) {
        return number("""
                SELECT coalesce(max(p.next_offset), -1) FROM ingest_position p JOIN dead_letter_topic t ON t.id = p.topic_ref
                WHERE t.name = '%s' AND p.kafka_partition = %d AND t.id = (SELECT max(id) FROM dead_letter_topic
                WHERE name = '%s')""".formatted(topic, partition, topic));
    }

    void awaitLetters(long count) {
        Eventually.untilAsserted(SOON, () -> assertThat(letters()).isEqualTo(count));
    }

    /** Contents of a topic's letters in the order of their offsets. */
    List<LetterContent> contents(String topic) {
        var ids =
                sql("""
                SELECT d.id FROM dead_letter d JOIN dead_letter_topic t ON t.id = d.topic_ref WHERE t.name = '%s'
                ORDER BY d.topic_ref, d.kafka_partition, d.kafka_offset, d.leader_epoch""".formatted(topic)).stream().map(row -> row.getLong("id")).toList();
        var found = await(LetterContentStore.contents(pool, ids));
        return ids.stream().map(id -> requireNonNull(found.get(id))).toList();
    }

    /** What must hold whatever happened: counters are the truth, and nothing is there twice. */
    void assertCountersAgree() {
        assertThat(number("SELECT coalesce(sum(letters), 0)::bigint FROM failure_group_counter"))
                .isEqualTo(letters());
        assertThat(number("SELECT coalesce(sum(open), 0)::bigint FROM failure_group_counter"))
                .isEqualTo(number("SELECT count(*) FROM letter_state WHERE status = 'open'"));
        assertThat(number("SELECT coalesce(sum(letters), 0)::bigint FROM failure_group_bucket"))
                .isEqualTo(letters());
        assertThat(number("SELECT count(*) FROM letter_state")).isEqualTo(letters());
    }

    static <T> T await(Future<T> future) {
        try {
            return future.await(30, TimeUnit.SECONDS);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
