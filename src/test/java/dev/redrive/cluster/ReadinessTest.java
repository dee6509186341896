package dev.redrive.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.Eventually;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ReadinessTest {

    private static final String ORIGIN = "shop.order.placed";
    private static final String LETTERS = "shop.order.placed-dlt";
    private static final String PATH = "/api/v1/topics/" + ORIGIN + "/readiness";

    private static Broker broker;
    private static TopicWorld world;

    @BeforeAll
    static void open() throws Exception {
        broker = Broker.withAuthorizer();
        world = new TopicWorld(broker);
        world.runs();
    }

    @AfterAll
    static void close() throws Exception {
        world.close();
        broker.close();
    }

    private static void write(String topic, int records, IntFunction<@Nullable String> key) {
        var all = new ArrayList<ProducerRecord<byte[], byte[]>>();
        long begin = System.currentTimeMillis() - Duration.ofHours(2).toMillis();
        for (int i = 0; i < records; i++) {
            var text = key.apply(i);
            all.add(new ProducerRecord<>(
                    topic,
                    null,
                    begin + i * 1_000L,
                    text == null ? null : text.getBytes(UTF_8),
                    ("value " + i).getBytes(UTF_8)));
        }
        broker.topics().produceAll(all);
    }

    /** With rules about the topic only what they allow is allowed. */
    private static void allow(String topic, AclOperation... operations) throws Exception {
        var pattern = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
        var rules = new ArrayList<AclBinding>();
        for (var operation : operations) {
            rules.add(new AclBinding(
                    pattern, new AccessControlEntry("User:ANONYMOUS", "*", operation, AclPermissionType.ALLOW)));
        }
        broker.admin().createAcls(rules).all().get(10, TimeUnit.SECONDS);
    }

    private static AclBinding rule(ResourceType type, PatternType pattern, String name, String who, AclOperation what) {
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry(who, "*", what, AclPermissionType.ALLOW));
    }

    @Test
    void findsTheRightsThatItLacksBesideThoseOfTopicsAndSaysHowTheyAreGiven() throws Exception {
        broker.topics().createTopic("shop.order.shut", 3);
        broker.topics().createTopic("shop.order.shut-dlt", 3);
        world.reads("shop.order.shut-dlt");
        world.failed("shop.order.shut-dlt", "orders-svc");
        var path = "/api/v1/topics/shop.order.shut-dlt/readiness?fresh=true";
        var open = rights(world.api.json(path));
        assertThat(open)
                .extracting(check -> check.getString("id") + " " + check.getString("level"))
                .containsExactlyInAnyOrder("acl ok", "acl-group ok", "acl-consumers ok", "acl-transactions ok");

        var rules = List.of(
                rule(ResourceType.GROUP, PatternType.LITERAL, "redrive", "User:ANONYMOUS", AclOperation.DESCRIBE),
                rule(ResourceType.GROUP, PatternType.LITERAL, "orders-svc", "User:orders", AclOperation.READ),
                rule(
                        ResourceType.TRANSACTIONAL_ID,
                        PatternType.PREFIXED,
                        "redrive.",
                        "User:other",
                        AclOperation.WRITE));
        broker.admin().createAcls(rules).all().get(10, TimeUnit.SECONDS);
        try {
            Eventually.untilAsserted(
                    Duration.ofSeconds(10),
                    () -> assertThat(rights(world.api.json(path)))
                            .extracting(check -> check.getString("id") + " " + check.getString("level"))
                            .containsExactlyInAnyOrder(
                                    "acl ok", "acl-group fail", "acl-consumers warn", "acl-transactions fail"));
            var fixes = rights(world.api.json(path)).stream()
                    .filter(check -> check.getString("fix") != null)
                    .map(check -> check.getString("fix").replaceAll("^.*User:redrive ", ""))
                    .toList();
            assertThat(fixes)
                    .containsExactlyInAnyOrder(
                            "--operation Read --group redrive",
                            "--operation Describe --group orders-svc",
                            "--operation Write --operation Describe --transactional-id redrive.test."
                                    + " --resource-pattern-type prefixed");
        } finally {
            var filters = rules.stream().map(AclBinding::toFilter).toList();
            broker.admin().deleteAcls(filters).all().get(10, TimeUnit.SECONDS);
        }
        Eventually.untilAsserted(
                Duration.ofSeconds(10),
                () -> assertThat(rights(world.api.json(path)))
                        .extracting(check -> check.getString("level"))
                        .containsOnly("ok"));
    }

    private static List<JsonObject> rights(JsonObject readiness) {
        return checks(readiness).stream()
                .filter(check -> check.getString("id").startsWith("acl"))
                .toList();
    }

    private static List<String> findings(JsonObject readiness) {
        return checks(readiness).stream()
                .filter(check -> List.of("warn", "fail").contains(check.getString("level")))
                .map(check -> check.getString("id"))
                .toList();
    }

    private static List<JsonObject> checks(JsonObject readiness) {
        return readiness.getJsonArray("checks").stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    private static void commitSins() throws Exception {
        var origin = Map.of("retention.ms", "-1", "min.insync.replicas", "1", "unclean.leader.election.enable", "true");
        broker.topics().createTopic(ORIGIN, 3, origin);
        var letters =
                Map.of("cleanup.policy", "compact", "max.message.bytes", Integer.toString((80 << 20) + (64 << 10)));
        broker.topics().createTopic(LETTERS, 2, letters);
        write(ORIGIN, 300, i -> i % 3 == 0 ? null : i % 3 == 1 || i % 2 == 0 ? "hot" : "key " + i);
        world.reads(LETTERS);
        allow(ORIGIN, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS, AclOperation.READ);
    }

    @Test
    void findsEachOfNineSinsAndNothingElse() throws Exception {
        commitSins();
        // The rules of the authorizer arrive a moment after they were answered for.
        Eventually.until(
                Duration.ofSeconds(10),
                "the rules",
                () -> findings(world.api.json(PATH + "?fresh=true")).contains("acl"));
        var failed = world.api.get(PATH + "?fail=true");
        assertThat(failed.statusCode()).isEqualTo(424);
        var readiness = failed.bodyAsJsonObject();
        assertThat(findings(readiness))
                .containsExactlyInAnyOrder(
                        "retention",
                        "replication",
                        "min-isr",
                        "null-keys",
                        "hot-key",
                        "unclean-election",
                        "dead-letter-partitions",
                        "dead-letter-cleanup",
                        "acl");
        assertThat(readiness.getBoolean("ready")).isFalse();
        assertThat(readiness.getString("deadLetterTopic")).isEqualTo(LETTERS);
        assertThat(checks(readiness))
                .filteredOn(check -> check.getString("id").equals("acl"))
                .extracting(check -> check.getString("fix"))
                .allMatch(fix -> fix.contains("--operation Write --topic " + ORIGIN));
        assertThat(readiness.encode()).doesNotContain("hot\"").doesNotContain("value 1");
    }

    @Test
    void findsNothingAboutATopicThatItMadeButThatThereIsOneBroker() throws Exception {
        var accept = new JsonArray().add("replication-single");
        var paid = new JsonObject().put("name", "shop.order.paid").put("accept", accept);
        assertThat(world.create(paid).statusCode()).isEqualTo(201);
        var letters = new JsonObject().put("name", "shop.order.paid-dlt").put("accept", accept);
        assertThat(world.create(letters).statusCode()).isEqualTo(201);
        world.reads("shop.order.paid-dlt");
        write("shop.order.paid", 300, i -> "key " + i);

        var readiness = world.api.json("/api/v1/topics/shop.order.paid/readiness");
        assertThat(findings(readiness)).containsExactlyInAnyOrder("replication", "min-isr");
        assertThat(checks(readiness))
                .filteredOn(check -> check.getString("level").equals("unknown"))
                .extracting(check -> check.getString("id"))
                .containsExactly("headers");
        var again = world.api.json("/api/v1/topics/shop.order.paid/readiness");
        assertThat(again.getString("measuredAt")).isEqualTo(readiness.getString("measuredAt"));
        assertThat(findings(world.api.json("/api/v1/topics/shop.order.paid-dlt/readiness")))
                .containsExactlyInAnyOrder("replication", "min-isr");
    }

    @Test
    void findsAHotKeyThatFillsOneOfManyPartitions() throws Exception {
        broker.topics().createTopic("shop.order.moved", 12);
        write("shop.order.moved", 6_000, i -> i % 10 < 7 ? "hot" : "key " + i);
        broker.topics().createTopic("shop.order.packed", 12);
        write("shop.order.packed", 6_000, i -> "key " + i);
        assertThat(findings(world.api.json("/api/v1/topics/shop.order.moved/readiness")))
                .contains("hot-key");
        assertThat(findings(world.api.json("/api/v1/topics/shop.order.packed/readiness")))
                .doesNotContain("hot-key");
    }

    @Test
    void takesAHiddenHalfForAMissingRightAndNotForAMissingTopic() throws Exception {
        broker.topics().createTopic("shop.order.veiled", 3);
        broker.topics().createTopic("shop.order.veiled-failures", 3);
        world.reads("shop.order.veiled-failures");
        world.lay("shop.order.veiled-failures", "shop.order.veiled");
        var ofOthers = List.of(rule(
                ResourceType.TOPIC,
                PatternType.LITERAL,
                "shop.order.veiled-failures",
                "User:other",
                AclOperation.READ));
        assertThat(findings(world.api.json("/api/v1/topics/shop.order.veiled/readiness?fresh=true")))
                .doesNotContain("acl", "dead-letter-topic");
        broker.admin().createAcls(ofOthers).all().get(10, TimeUnit.SECONDS);
        Eventually.untilAsserted(
                Duration.ofSeconds(10),
                () -> assertThat(findings(world.api.json("/api/v1/topics/shop.order.veiled/readiness?fresh=true")))
                        .contains("acl")
                        .doesNotContain("dead-letter-topic"));
        var itself = world.api.get("/api/v1/topics/shop.order.veiled-failures/readiness?fail=true");
        assertThat(itself.statusCode()).isEqualTo(424);
        assertThat(findings(itself.bodyAsJsonObject())).containsExactly("acl");
        assertThat(checks(itself.bodyAsJsonObject()).get(0).getString("fix"))
                .contains("--operation Read --topic shop.order.veiled-failures");
    }

    @Test
    void asksForNoDeadLettersOfWhatIsTriedAgainOrBelongsToAFramework() throws Exception {
        for (var name : List.of("shop.order.tried-retry-0", "shop-totals-changelog", "connect-status")) {
            broker.topics()
                    .createTopic(name, 1, Map.of("cleanup.policy", "compact,delete", "retention.ms", "86400000"));
            write(name, 300, i -> "the same");
            write(name, 300, i -> "the same");
            assertThat(findings(world.api.json("/api/v1/topics/" + name + "/readiness")))
                    .as(name)
                    .containsExactlyInAnyOrder("replication", "min-isr");
        }
    }

    @Test
    void missesADeadLetterTopicAndSaysHowToMakeOne() throws Exception {
        broker.topics().createTopic("shop.order.lost", 2);
        var all = checks(world.api.json("/api/v1/topics/shop.order.lost/readiness"));
        // What the brokers set counts for a topic that sets nothing: these keep records for ever.
        assertThat(all)
                .filteredOn(check -> check.getString("id").equals("retention"))
                .extracting(check -> check.getString("level"))
                .containsExactly("fail");
        var missing = all.stream()
                .filter(check -> check.getString("id").equals("dead-letter-topic"))
                .toList();
        assertThat(missing).hasSize(1);
        assertThat(missing.get(0).getString("fix")).contains("--create --topic shop.order.lost-dlt --partitions 2");
        assertThat(world.api.get("/api/v1/topics/absent/readiness").statusCode())
                .isEqualTo(404);

        broker.topics().createTopic("shop.order.lost-dlt", 2);
        var again = world.api.get("/api/v1/topics/shop.order.lost/readiness?fail=true");
        assertThat(findings(again.bodyAsJsonObject()))
                .as("a pipeline is told what is so now")
                .doesNotContain("dead-letter-topic");
    }
}
