package dev.redrive.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Settings;
import dev.redrive.cluster.TopicFinding.Level;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicPolicyTest {

    private static final TopicState ORIGIN = new TopicState(
            "shop.order.placed",
            UUID.randomUUID(),
            Collections.nCopies(6, List.of(1, 2, 3)),
            null,
            Map.of("max.message.bytes", "1048588", "retention.ms", "2592000000"));
    private static final TopicSurroundings PLAIN =
            new TopicSurroundings(3, Set.of("a.b", "taken.topic.name"), null, false, false);
    private static final TopicSurroundings LETTERS =
            new TopicSurroundings(3, Set.of("shop.order.placed"), ORIGIN, true, true);

    private static TopicPlan plain() {
        return TopicPlan.recommended("shop.order.paid", 3, null, false);
    }

    private static TopicPlan letters() {
        return TopicPlan.recommended("shop.order.placed-dlt", 3, ORIGIN, true);
    }

    private static List<String> ids(TopicPlan plan, TopicSurroundings around) {
        return TopicPolicy.judge(plan, around).stream().map(TopicFinding::id).toList();
    }

    @Test
    void findsNothingAboutWhatItRecommends() {
        assertThat(ids(plain(), PLAIN)).isEmpty();
        assertThat(ids(letters(), LETTERS)).isEmpty();
    }

    @Test
    void recommendsADeadLetterTopicThatHoldsWhatItsOriginCan() {
        var plan = letters();
        assertThat(plan.partitions()).isEqualTo(6);
        assertThat(plan.replicationFactor()).isEqualTo(3);
        assertThat(plan.configs())
                .containsEntry("max.message.bytes", Long.toString(1_048_588 + TopicPlan.HEADER_ROOM))
                .containsEntry("retention.ms", "2592000000")
                .containsEntry("min.insync.replicas", "2");
        var short1 = new TopicState("o", UUID.randomUUID(), List.of(List.of(1)), null, Map.of("retention.ms", "1000"));
        assertThat(TopicPlan.recommended("o-dlt", 1, short1, true).configs())
                .containsEntry("retention.ms", "1209600000");
    }

    @ParameterizedTest
    @CsvSource({
        "retention.ms,          -1,      retention-unbounded,        WARNING",
        "retention.ms,          9223372036854775807, retention-unbounded, WARNING",
        "min.insync.replicas,   4,       min-isr-above-replication,  REFUSAL",
        "min.insync.replicas,   3,       min-isr-equals-replication, WARNING",
        "min.insync.replicas,   1,       min-isr-single,             WARNING",
        "unclean.leader.election.enable, true, unclean-election,     WARNING",
        "retention.bytes,       plenty,  not-a-number,               REFUSAL",
    })
    void judgesTheSettingsOfAnyTopic(String setting, String value, String id, Level level) {
        var found = TopicPolicy.judge(plain().with(null, null, Map.of(setting, value)), PLAIN);
        assertThat(found).extracting(TopicFinding::id).containsExactly(id);
        assertThat(found.get(0).level()).isEqualTo(level);
        assertThat(found.get(0).pointer()).isEqualTo("/configs/" + setting);
    }

    @ParameterizedTest
    @CsvSource({
        "cleanup.policy,    compact,        compacted-letters,         REFUSAL",
        "cleanup.policy,    'compact,delete', compacted-letters,       REFUSAL",
        "max.message.bytes, 1048588,        message-size-below-origin, WARNING",
        "retention.ms,      86400000,       retention-short,           WARNING",
        "retention.ms,      1209600000,     retention-short,           WARNING",
    })
    void judgesTheSettingsOfADeadLetterTopicByItsOrigin(String setting, String value, String id, Level level) {
        var found = TopicPolicy.judge(letters().with(null, null, Map.of(setting, value)), LETTERS);
        assertThat(found).extracting(TopicFinding::id).containsExactly(id);
        assertThat(found.get(0).level()).isEqualTo(level);
    }

    @Test
    void letsACompactedTopicAndASizeBoundGoWithoutATime() {
        assertThat(ids(plain().with(null, null, Map.of("cleanup.policy", "compact", "retention.ms", "-1")), PLAIN))
                .isEmpty();
        assertThat(ids(plain().with(null, null, Map.of("retention.bytes", "1000", "retention.ms", "-1")), PLAIN))
                .isEmpty();
    }

    @Test
    void judgesCountsByTheClusterAndTheOrigin() {
        assertThat(ids(plain().with(0, null, Map.of()), PLAIN)).containsExactly("partitions-none");
        assertThat(ids(plain().with(1, null, Map.of()), PLAIN)).containsExactly("partitions-one");
        assertThat(ids(plain().with(500, null, Map.of()), PLAIN)).containsExactly("partitions-many");
        assertThat(ids(plain().with(null, 1, Map.of()), PLAIN)).containsExactly("replication-single");
        assertThat(ids(plain().with(null, 4, Map.of()), PLAIN)).containsExactly("replication-above-brokers");
        assertThat(ids(letters().with(5, null, Map.of()), LETTERS)).containsExactly("partitions-below-origin");
    }

    @ParameterizedTest
    @CsvSource({
        "shop order,        name-invalid",
        "..,                name-invalid",
        "taken.topic.name,  exists",
        "a_b,               name-collides",
        "orders,            name-style",
        "a.b_c.d,           name-mixed",
        "__x.y.z,           name-internal",
    })
    void judgesNames(String name, String id) {
        assertThat(ids(TopicPlan.recommended(name, 3, null, false), PLAIN)).contains(id);
    }

    @Test
    void warnsOfADeadLetterTopicThatItWouldNotRead() {
        var unread = new TopicSurroundings(3, Set.of(), ORIGIN, true, false);
        assertThat(ids(TopicPlan.recommended("shop.order.trouble", 3, ORIGIN, true), unread))
                .containsExactly("name-not-read");
    }

    @Test
    void quotesItsCommandForAShell() {
        var command = new TopicCommand(new Settings.Cluster(
                "default",
                "redrive",
                Map.of("bootstrap.servers", "kafka:9092", "security.protocol", "SASL_SSL"),
                List.of(),
                List.of()));
        assertThat(command.create(plain().with(null, null, Map.of("cleanup.policy", "delete; rm -rf '$HOME'"))))
                .startsWith(
                        "kafka-topics.sh --bootstrap-server kafka:9092 --command-config client.properties --create --topic shop.order.paid --partitions 3 --replication-factor 3")
                .contains("--config 'cleanup.policy=delete; rm -rf '\\''$HOME'\\'''")
                .contains("--config retention.ms=604800000");
        assertThat(command.configure("t", Map.of("cleanup.policy", "compact,delete")))
                .endsWith("--add-config 'cleanup.policy=[compact,delete]'");
    }
}
