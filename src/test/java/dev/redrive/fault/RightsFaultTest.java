package dev.redrive.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.KafkaNodes;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rights and certificates go away at run time and come back: a broker with an authorizer that is reached over TLS. */
class RightsFaultTest {

    private static final String RECEIPTS = "__redrive.receipts";
    private static final int LETTERS = 20;

    @TempDir
    static Path directory;

    private static String valid;
    private static String expired;
    private static KafkaNodes kafka;
    private static FaultDesk desk;
    private static RedriveProcess redrive;

    @BeforeAll
    static void open() throws Exception {
        var certificates = new Certificates(directory);
        valid = certificates.server("valid", "-1H");
        expired = certificates.server("expired", "-2d");
        kafka = KafkaNodes.named(
                "127.0.0.1",
                Map.of(
                        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                        "allow.everyone.if.no.acl.found", "true",
                        "listener.security.protocol.map", "CLIENT:SSL,DIRECT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "listener.name.client.ssl.keystore.location", valid,
                        "listener.name.client.ssl.keystore.password", Certificates.PASSWORD));
        desk = new FaultDesk(
                kafka.broker(),
                Postgres.shared().freshDatabase(),
                start -> start.with("REDRIVE_KAFKA_SECURITY_PROTOCOL", "SSL")
                        .with("REDRIVE_KAFKA_SSL_TRUSTSTORE_LOCATION", certificates.trust())
                        .with("REDRIVE_KAFKA_SSL_TRUSTSTORE_PASSWORD", Certificates.PASSWORD));
        redrive = desk.start();
    }

    @AfterAll
    static void close() {
        desk.close();
        kafka.close();
    }

    /** With rules about a topic only what they allow is allowed. */
    private static void allowOnly(String topic, AclOperation... operations) throws Exception {
        var pattern = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
        var rules = new ArrayList<AclBinding>();
        for (var operation : operations) {
            rules.add(new AclBinding(
                    pattern, new AccessControlEntry("User:ANONYMOUS", "*", operation, AclPermissionType.ALLOW)));
        }
        kafka.topics().admin().createAcls(rules).all().get(10, TimeUnit.SECONDS);
        awaitRights(topic, rights -> rights.equals(Set.of(operations)));
    }

    /** Rules arrive at the authorizer a moment after they were answered for. */
    private static void awaitRights(String topic, Predicate<Set<AclOperation>> expected) {
        Eventually.until(FaultDesk.PATIENCE, "the rights of " + topic, () -> {
            var options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
            var described = kafka.topics()
                    .admin()
                    .describeTopics(List.of(topic), options)
                    .allTopicNames();
            var found =
                    Objects.requireNonNull(described.get(5, TimeUnit.SECONDS).get(topic));
            return expected.test(Set.copyOf(Objects.requireNonNull(found.authorizedOperations())));
        });
    }

    private static void allowAll(String topic) throws Exception {
        var pattern = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
        kafka.topics()
                .admin()
                .deleteAcls(List.of(new AclBindingFilter(pattern.toFilter(), AccessControlEntryFilter.ANY)))
                .all()
                .get(10, TimeUnit.SECONDS);
        awaitRights(topic, rights -> rights.contains(AclOperation.WRITE) && rights.contains(AclOperation.READ));
    }

    @Test
    @DisplayName(
            "F-15: without the right to read one dead-letter topic the others are read, and it too when the right is back")
    void aTopicThatMayNotBeReadHoldsUpNoOther() throws Exception {
        var refused = desk.letters().write(LETTERS).awaitStored();
        var other = desk.letters().write(LETTERS).awaitStored();
        allowOnly(refused.topic, AclOperation.DESCRIBE, AclOperation.WRITE);
        Eventually.until(FaultDesk.PATIENCE, "the right to be missed", () -> {
            refused.write(1);
            return desk.get("/topics").encode().contains("no right to read");
        });
        for (int i = 0; i < 3; i++) {
            other.write(LETTERS).awaitStored();
        }
        assertThat(redrive.isAlive()).isTrue();
        allowAll(refused.topic);
        refused.awaitStored();
    }

    @Test
    @DisplayName(
            "F-15: without the right to write to the target a job leaves its letters out and says why; they are sent when it is back")
    void aTargetThatMayNotBeWrittenToGetsNothing() throws Exception {
        var letters = desk.letters().write(LETTERS).awaitStored();
        allowOnly(letters.origin, AclOperation.DESCRIBE, AclOperation.READ);
        var job = letters.replay();
        desk.await(job, "the job to end", now -> now.getString("state").startsWith("succeeded"));
        assertThat(desk.get("/jobs/" + job + "/items?result=skipped").encode()).contains("has no right to write");
        assertThat(kafka.topics().read(letters.origin)).isEmpty();
        allowAll(letters.origin);
        Eventually.until(FaultDesk.PATIENCE, "all to be sent", () -> {
            desk.ended(letters.replay());
            letters.awaitMarks();
            return letters.verdict().lost() == 0;
        });
        letters.provenOnce();
    }

    @Test
    @DisplayName(
            "F-15: without the right to write receipts nothing is sent with a weaker proof; it waits until the right is back")
    void withoutReceiptsALaneWaitsAndPromisesNoLess() throws Exception {
        desk.ended(desk.letters().write(LETTERS).awaitStored().replay());
        var letters = desk.letters().write(LETTERS).awaitStored();
        allowOnly(RECEIPTS, AclOperation.DESCRIBE, AclOperation.READ);
        var job = letters.replay();
        Eventually.untilAsserted(
                FaultDesk.PATIENCE,
                () -> assertThat(desk.lanes()).anyMatch(lane -> lane.matches("retrying strict .*receipts.*")));
        assertThat(FaultDesk.sent(desk.job(job))).isZero();
        assertThat(kafka.topics().read(letters.origin)).isEmpty();
        allowAll(RECEIPTS);
        desk.ended(job);
        letters.provenOnce();
        assertThat(desk.lanes()).allMatch(lane -> lane.contains(" strict "));
    }

    @Test
    @DisplayName(
            "F-16: a certificate that expires at run time makes the process degraded and loses nothing; it goes on with the next")
    void anExpiredCertificateIsSurvived() throws Exception {
        var letters = desk.letters().write(LETTERS).awaitStored();
        present(expired);
        String job;
        try {
            // The broker takes a moment to change it, and a connection that is open keeps the certificate it was opened
            // with.
            Eventually.until(FaultDesk.PATIENCE, "a handshake that fails", () -> {
                kafka.network(1).reset();
                return redrive.log().contains("SSL handshake failed");
            });
            letters.write(LETTERS);
            Eventually.until(FaultDesk.PATIENCE, "it to be degraded", () -> health().contains("degraded"));
            job = letters.replay();
            assertThat(FaultDesk.sent(desk.job(job))).isZero();
        } finally {
            present(valid);
        }
        Eventually.until(FaultDesk.PATIENCE, "it to be well", () -> health().contains("\"up\""));
        desk.ended(job);
        letters.awaitStored();
        desk.ended(letters.replay());
        letters.provenOnce();
    }

    private static String health() throws Exception {
        var request = HttpRequest.newBuilder(URI.create(redrive.managementUrl() + "/readyz"))
                .timeout(Duration.ofSeconds(5))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    /** From now on, without a restart. */
    private static void present(String keystore) throws Exception {
        var change =
                List.of(set("ssl.keystore.location", keystore), set("ssl.keystore.password", Certificates.PASSWORD));
        kafka.topics()
                .admin()
                .incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.BROKER, "1"), change))
                .all()
                .get(10, TimeUnit.SECONDS);
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry("listener.name.client." + name, value), AlterConfigOp.OpType.SET);
    }
}
