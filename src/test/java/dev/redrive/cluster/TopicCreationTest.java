package dev.redrive.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopicCreationTest {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private TopicWorld world;
    private final String name = "creation" + ProcessHandle.current().pid() + ".order.placed" + NUMBER.incrementAndGet();

    @BeforeEach
    void open() throws Exception {
        world = new TopicWorld(Broker.shared());
    }

    @AfterEach
    void close() throws Exception {
        world.close();
    }

    private JsonObject ask() {
        return new JsonObject().put("name", name);
    }

    /** One broker allows one copy only, and that has to be said. */
    private JsonObject accepted() {
        return ask().put("accept", new JsonArray().add("replication-single"));
    }

    private static List<String> ids(JsonObject body, String list) {
        return body.getJsonArray(list).stream()
                .map(each -> ((JsonObject) each).getString("id"))
                .toList();
    }

    private boolean exists(String topic) throws Exception {
        return world.broker
                .admin()
                .listTopics()
                .names()
                .get(10, TimeUnit.SECONDS)
                .contains(topic);
    }

    @Test
    void saysWhatItWouldMakeAndMakesNothing() throws Exception {
        var answer = world.api.post("/api/v1/topics", ask().put("validateOnly", true));
        assertThat(answer.statusCode()).isEqualTo(200);
        var body = answer.bodyAsJsonObject();
        assertThat(ids(body, "findings")).containsExactly("replication-single");
        assertThat(body.getString("command")).startsWith("kafka-topics.sh").contains(name);
        assertThat(body.getJsonArray("parameters")).hasSize(10);
        assertThat(exists(name)).isFalse();
    }

    @Test
    void wantsWarningsToBeAccepted() throws Exception {
        var refused = world.create(ask());
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("unprocessable");
        var error = refused.bodyAsJsonObject().getJsonArray("errors").getJsonObject(0);
        assertThat(error.getString("pointer")).isEqualTo("/replicationFactor");
        assertThat(error.getString("id")).isEqualTo("replication-single");
        var beyond = accepted().put("configs", new JsonObject().put("min.insync.replicas", "2"));
        assertThat(world.create(beyond).bodyAsJsonObject().encode()).contains("min-isr-above-replication");
        assertThat(exists(name)).isFalse();
    }

    @Test
    void makesOneTopicHoweverOftenItIsAsked() throws Exception {
        var body = accepted().put("reason", "new shop").put("configs", new JsonObject().put("retention.ms", "3600000"));
        var first = world.api.post("/api/v1/topics", body, "Idempotency-Key", "k1");
        var second = world.api.post("/api/v1/topics", body, "Idempotency-Key", "k1");
        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(second.statusCode()).isEqualTo(201);
        assertThat(second.getHeader("Idempotency-Replayed")).isEqualTo("true");
        var again = world.create(body);
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(world.api.post("/api/v1/topics", body).statusCode()).isEqualTo(400);

        var made = world.broker.topics().describe(name);
        assertThat(made.partitions()).hasSize(3);
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        var configs = world.broker.admin().describeConfigs(List.of(topic)).all().get(10, TimeUnit.SECONDS);
        assertThat(requireNonNull(configs.get(topic)).get("retention.ms").value())
                .isEqualTo("3600000");
        var audit = world.api.json("/api/v1/audit").getJsonArray("items");
        assertThat(audit).hasSize(1);
        assertThat(audit.getJsonObject(0).getString("action")).isEqualTo("topic-created");
        assertThat(audit.getJsonObject(0).getString("reason")).isEqualTo("new shop");
    }

    @Test
    void takesATopicThatOnlyTheControllerKnowsForOneThatExists() {
        var finding = TopicCreation.refused(name, new TopicExistsException("Topic '" + name + "' already exists."));
        assertThat(finding).isEqualTo(TopicFinding.exists(name));
    }

    @Test
    void hearsWhatTheBrokersRefuse() throws Exception {
        var odd = ask().put("validateOnly", true).put("configs", new JsonObject().put("no.such.setting", "1"));
        var found = world.api.post("/api/v1/topics", odd).bodyAsJsonObject();
        assertThat(ids(found, "findings")).contains("broker-refuses");
    }

    @Test
    void proposesADeadLetterTopicThatFitsItsOrigin() throws Exception {
        world.broker.topics().createTopic(name, 5);
        var proposal = world.api.json("/api/v1/topics/" + name + "/proposal");
        assertThat(proposal.getString("name")).isEqualTo(name + "-dlt");
        assertThat(proposal.getString("origin")).isEqualTo(name);
        assertThat(proposal.getInteger("partitions")).isEqualTo(5);
        assertThat(ids(proposal, "findings")).containsExactly("replication-single");
        assertThat(ids(world.api.json("/api/v1/topics/absent-topic/proposal"), "findings"))
                .contains("origin-missing");
    }
}
