package dev.redrive.cluster;

import static dev.redrive.cluster.ReadinessRulesTest.COMMAND;
import static dev.redrive.cluster.ReadinessRulesTest.LETTERS;
import static dev.redrive.cluster.ReadinessRulesTest.ORIGIN;
import static dev.redrive.cluster.ReadinessRulesTest.ROOMY;
import static dev.redrive.cluster.ReadinessRulesTest.SAMPLE;
import static dev.redrive.cluster.ReadinessRulesTest.disk;
import static dev.redrive.cluster.ReadinessRulesTest.facts;
import static dev.redrive.cluster.ReadinessRulesTest.findings;
import static dev.redrive.cluster.ReadinessRulesTest.rights;
import static dev.redrive.cluster.ReadinessRulesTest.topic;
import static dev.redrive.cluster.ReadinessRulesTest.with;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A topic and its other half, what it is there for, and what may be seen of it. */
class ReadinessHalvesTest {

    @Test
    void aBoundThatNobodyLivesToSeeIsNone() {
        for (long millis : List.of(Long.MAX_VALUE, Duration.ofDays(36_500).toMillis())) {
            var endless = topic("orders", Map.of("retention.ms", Long.toString(millis)));
            assertThat(findings(facts(endless, LETTERS, disk(5_000_000_000L, 1))))
                    .containsExactly("retention fail", "disk unknown");
        }
        var decade = topic(
                "orders",
                Map.of("retention.ms", Long.toString(Duration.ofDays(3_650).toMillis())));
        var letters = topic("orders-dlt", with(with(ROOMY, "retention.ms", "-1"), "retention.bytes", "1000000000"));
        assertThat(findings(facts(decade, letters, disk(5_000_000, 0)))).isEmpty();
    }

    @Test
    void whatIsWrongWithBothTopicsIsSaidOnceAndWhatIsWrongWithOneOfThatOne() {
        var endless = topic("orders-dlt", with(ROOMY, "retention.ms", "-1"));
        assertThat(findings(facts(ORIGIN, endless, disk(1_000_000, 0)))).containsExactly("retention fail");
        assertThat(check(ORIGIN, endless, ReadinessAspect.RETENTION).topic()).isEqualTo("orders-dlt");
        var unclean = topic("orders-dlt", with(ROOMY, "unclean.leader.election.enable", "true"));
        assertThat(findings(facts(ORIGIN, unclean, disk(1_000_000, 0)))).containsExactly("unclean-election fail");
        assertThat(check(ORIGIN, unclean, ReadinessAspect.UNCLEAN_ELECTION).fix())
                .contains("--entity-name orders-dlt");
        var both = topic("orders", Map.of("unclean.leader.election.enable", "true"));
        assertThat(findings(facts(both, unclean, disk(1_000_000, 0)))).containsExactly("unclean-election fail");
        assertThat(check(both, unclean, ReadinessAspect.UNCLEAN_ELECTION).topic())
                .isEqualTo("orders");
    }

    private static ReadinessCheck check(TopicState topic, TopicState letters, ReadinessAspect aspect) {
        return ReadinessRules.judge(facts(topic, letters, disk(1_000_000, 0)), COMMAND).stream()
                .filter(check -> check.aspect() == aspect)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aDeadLetterTopicOfFewerBytesThanItsOriginIsSmaller() {
        var bounded = topic("orders", Map.of("retention.bytes", "10000000000"));
        var less = topic("orders-dlt", with(ROOMY, "retention.bytes", "1000000000"));
        assertThat(findings(facts(bounded, less, disk(1_000_000, 0)))).containsExactly("dead-letter-retention fail");
        assertThat(check(bounded, less, ReadinessAspect.DEAD_LETTER_RETENTION).fix())
                .contains("retention.bytes=10000000000");
        assertThat(findings(facts(ORIGIN, less, disk(1_000_000, 0))))
                .as("of an origin without such a bound nobody knows how much it will be")
                .isEmpty();
        var same = topic("orders-dlt", with(ROOMY, "retention.bytes", "10000000000"));
        assertThat(findings(facts(bounded, same, disk(1_000_000, 0)))).isEmpty();
    }

    @Test
    void aDeadLetterTopicThatNobodyCanWriteToHoldsNothing() {
        var shut = topic("orders-dlt", with(ROOMY, "min.insync.replicas", "4"));
        assertThat(findings(facts(ORIGIN, shut, disk(1_000_000, 0)))).containsExactly("dead-letter-replication fail");
    }

    private static List<String> alone(String name, TopicRole role, Map<String, String> configs) {
        var topic = new TopicState(
                name,
                UUID.randomUUID(),
                List.of(List.of(1, 2, 3)),
                Set.of(AclOperation.ALL),
                topic(name, configs).configs());
        var sample = new ReadinessSample(1_000, 900, 2, 99, "0:1", 90, "0:1 and 0:2", 2_000);
        return findings(other(topic, role, null, null, null, sample));
    }

    private static ReadinessFacts other(
            TopicState topic,
            TopicRole role,
            @Nullable TopicState origin,
            @Nullable TopicState letters,
            @Nullable String hidden,
            ReadinessSample sample) {
        return new ReadinessFacts(
                topic,
                role,
                origin,
                letters,
                hidden,
                3,
                ReadinessPart.of(sample),
                ReadinessPart.of(disk(1_000_000, 0)),
                ReadinessPart.of(new ReadinessStore.Stored(true, null, 100, 100)),
                ReadinessPart.of(rights(true, true)),
                ReadinessPart.of(Told.Answer.YES));
    }

    @Test
    void whatAFrameworkMadeForItselfNeedsNoDeadLettersKeysOrPartitions() {
        assertThat(alone("app-totals-changelog", TopicRole.INTERNAL, Map.of("cleanup.policy", "compact")))
                .isEmpty();
        assertThat(alone("app-by-customer-repartition", TopicRole.INTERNAL, Map.of("retention.ms", "-1")))
                .containsExactly("disk unknown");
        assertThat(alone("connect-configs", TopicRole.INTERNAL, Map.of("cleanup.policy", "compact")))
                .isEmpty();
        assertThat(alone("orders-retry-0", TopicRole.RETRY, Map.of())).isEmpty();
        assertThat(alone("orders-retry-0", TopicRole.RETRY, Map.of("retention.ms", "-1")))
                .containsExactly("retention fail", "disk unknown");
        assertThat(alone("orders", TopicRole.ORDINARY, Map.of()))
                .containsExactlyInAnyOrder(
                        "dead-letter-topic fail",
                        "duplicates warn",
                        "partitions warn",
                        "null-keys warn",
                        "hot-key warn");
    }

    @Test
    void aTopicThatKafkaDoesNotShowIsAMissingRightAndNotAMissingTopic() {
        assertThat(findings(other(ORIGIN, TopicRole.ORDINARY, null, null, "orders-dlt", SAMPLE)))
                .containsExactly("acl fail");
        var ofLetters = other(LETTERS, TopicRole.ORDINARY, null, LETTERS, "orders", SAMPLE);
        assertThat(findings(ofLetters)).containsExactly("acl fail");
        assertThat(ReadinessRules.judge(ofLetters, COMMAND).get(0).fix())
                .contains("--operation Describe --operation Write --topic orders");
    }
}
