package dev.redrive.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Settings;
import dev.redrive.cluster.ReadinessRights.Right;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReadinessRulesTest {

    static final TopicCommand COMMAND = new TopicCommand(
            new Settings.Cluster("default", "redrive", Map.of("bootstrap.servers", "k:1"), List.of(), List.of()));
    static final ReadinessSample SAMPLE = new ReadinessSample(1_000, 0, 900, 4, "0:1", 0, "", 2_000);

    static TopicState topic(String name, Map<String, String> configs) {
        var all = new HashMap<>(TopicPlan.recommended(name, 3, null, false).configs());
        all.putAll(configs);
        return new TopicState(
                name, UUID.randomUUID(), Collections.nCopies(3, List.of(1, 2, 3)), Set.of(AclOperation.ALL), all);
    }

    static final TopicState ORIGIN = topic("orders", Map.of());
    static final Map<String, String> ROOMY = Map.of("max.message.bytes", "2000000", "retention.ms", "1209600000");
    static final TopicState LETTERS = topic("orders-dlt", ROOMY);

    static ReadinessDisk disk(long usable, double bytesPerMilli) {
        var copy = new ReadinessDisk.Copy(1_000, bytesPerMilli);
        var dir = new ReadinessDisk.Dir(1, OptionalLong.of(usable), List.of(copy, copy, copy));
        return new ReadinessDisk(List.of(dir), Duration.ofHours(24));
    }

    static ReadinessFacts facts(TopicState origin, @Nullable TopicState letters, ReadinessDisk disk) {
        return facts(origin, letters, disk, SAMPLE, new ReadinessStore.Stored(true, null, 100, 100));
    }

    private static ReadinessFacts facts(
            TopicState origin,
            @Nullable TopicState letters,
            ReadinessDisk disk,
            ReadinessSample sample,
            ReadinessStore.Stored stored) {
        return new ReadinessFacts(
                origin,
                TopicRole.ORDINARY,
                null,
                letters,
                null,
                3,
                ReadinessPart.of(sample),
                ReadinessPart.of(disk),
                ReadinessPart.of(stored),
                ReadinessPart.of(rights(true, true)),
                ReadinessPart.of(Told.Answer.YES));
    }

    static ReadinessRights rights(boolean group, boolean transactions) {
        return new ReadinessRights(
                "redrive", right(group), List.of(), List.of(), TopicWorld.LANES, right(transactions), Optional.empty());
    }

    private static Right right(boolean may) {
        return new Right(may ? Right.Answer.MAY : Right.Answer.MAY_NOT, "As told.");
    }

    private static ReadinessFacts with(ReadinessRights rights, Told.Answer told, ReadinessStore.Stored stored) {
        var all = facts(ORIGIN, LETTERS, disk(1_000_000, 0));
        return new ReadinessFacts(
                all.topic(),
                all.role(),
                all.origin(),
                all.letters(),
                all.hidden(),
                all.brokers(),
                all.sample(),
                all.disk(),
                ReadinessPart.of(stored),
                ReadinessPart.of(rights),
                ReadinessPart.of(told));
    }

    @Test
    void aGroupThatMayNotBeUsedIsTheOneFindingOfATopicThatIsNotRead() {
        var never = new ReadinessStore.Stored(false, null, 0, 0);
        assertThat(findings(with(rights(false, true), Told.Answer.YES, never)))
                .containsExactly("acl-group fail", "headers unknown", "ingest unknown");
    }

    @Test
    void thatReplaysAreSentWithoutTransactionsIsAWarningAndNotAFailure() {
        var stored = new ReadinessStore.Stored(true, null, 100, 100);
        assertThat(findings(with(rights(true, false), Told.Answer.YES, stored)))
                .containsExactly("acl-transactions fail");
        var without = new ReplayNeeds.Needs("redrive.test.", 2, "__redrive.receipts", true);
        var rights = new ReadinessRights(
                "redrive", right(true), List.of(), List.of(), without, right(false), Optional.empty());
        assertThat(findings(with(rights, Told.Answer.YES, stored))).containsExactly("acl-transactions warn");
    }

    @Test
    void thatNobodyIsThereToTellIsNoFindingOfATopic() {
        var stored = new ReadinessStore.Stored(true, null, 100, 100);
        assertThat(findings(with(rights(true, true), Told.Answer.NO_ENDPOINT, stored)))
                .containsExactly("alert unknown");
        assertThat(findings(with(rights(true, true), Told.Answer.NO_RULE, stored)))
                .containsExactly("alert warn");
    }

    static List<String> findings(ReadinessFacts facts) {
        return ReadinessRules.judge(facts, COMMAND).stream()
                .filter(check -> check.level() != ReadinessLevel.OK)
                .map(check -> check.aspect().id() + " " + check.level().word())
                .toList();
    }

    @Test
    void findsNothingAboutACleanTopicOfThreeBrokers() {
        assertThat(findings(facts(ORIGIN, LETTERS, disk(1_000_000, 0)))).isEmpty();
    }

    @Test
    void seesADiskThatIsTooSmallForTwiceTheTraffic() {
        // 604,800,000 ms at 1 byte each, twice, in three partitions.
        assertThat(findings(facts(ORIGIN, LETTERS, disk(3_000_000_000L, 1)))).containsExactly("disk fail");
        assertThat(findings(facts(ORIGIN, LETTERS, disk(4_000_000_000L, 1)))).containsExactly("disk warn");
        assertThat(findings(facts(ORIGIN, LETTERS, disk(5_000_000_000L, 1)))).isEmpty();
        var bounded = topic("orders", Map.of("retention.bytes", "1000000"));
        assertThat(findings(facts(bounded, LETTERS, disk(5_000_000, 1)))).isEmpty();
    }

    @Test
    void comparesTheDeadLetterTopicWithItsOrigin() {
        var small = topic("orders-dlt", Map.of("max.message.bytes", "1000", "retention.ms", "1000"));
        assertThat(findings(facts(ORIGIN, small, disk(1_000_000, 0))))
                .containsExactly("dead-letter-size fail", "dead-letter-retention fail");
        var weak = topic("orders-dlt", Map.of("retention.ms", "1209600000", "min.insync.replicas", "1"));
        assertThat(findings(facts(ORIGIN, weak, disk(1_000_000, 0)))).containsExactly("dead-letter-replication fail");
    }

    @Test
    void aDeadLetterTopicOfTheSizeOfItsOriginIsTooTightForLargeRecordsAlone() {
        var equal = topic("orders-dlt", Map.of("retention.ms", "1209600000"));
        assertThat(findings(sized(equal, 900_000))).isEmpty();
        assertThat(findings(sized(equal, 1_000_000))).containsExactly("dead-letter-size warn");
        var smaller = topic("orders-dlt", Map.of("retention.ms", "1209600000", "max.message.bytes", "1048587"));
        assertThat(findings(sized(smaller, 1))).containsExactly("dead-letter-size fail");
    }

    private static ReadinessFacts sized(TopicState letters, long largest) {
        var sample = new ReadinessSample(1_000, 0, 900, 4, "0:1", 0, "", largest);
        return facts(ORIGIN, letters, disk(1_000_000, 0), sample, new ReadinessStore.Stored(true, null, 100, 100));
    }

    @Test
    void aMissingRightIsOneFindingAndNotTwo() {
        var unread = new TopicState(
                "orders-dlt",
                UUID.randomUUID(),
                LETTERS.replicas(),
                Set.of(AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS),
                LETTERS.configs());
        var never = new ReadinessStore.Stored(false, null, 0, 0);
        assertThat(findings(facts(ORIGIN, unread, disk(1_000_000, 0), SAMPLE, never)))
                .containsExactly("acl fail", "headers unknown", "ingest unknown");
        assertThat(findings(facts(ORIGIN, LETTERS, disk(1_000_000, 0), SAMPLE, never)))
                .containsExactly("ingest fail", "headers unknown");
    }

    @Test
    void aTieredTopicNeedsTheDiskForWhatStaysOnIt() {
        var whole = Map.of("retention.ms", "604800000", "remote.storage.enable", "true");
        assertThat(findings(facts(topic("orders", whole), LETTERS, disk(3_000_000_000L, 1))))
                .containsExactly("disk fail");
        var hour = topic("orders", with(whole, "local.retention.ms", "3600000"));
        assertThat(findings(facts(hour, LETTERS, disk(3_000_000_000L, 1)))).isEmpty();
        var same = topic("orders", with(whole, "local.retention.ms", "-2"));
        assertThat(findings(facts(same, LETTERS, disk(3_000_000_000L, 1)))).containsExactly("disk fail");
    }

    @Test
    void aDeadLetterTopicThatCanLoseABrokerIsNotHeldToAnOriginThatCannot() {
        var strict = topic("orders", Map.of("min.insync.replicas", "3"));
        assertThat(findings(facts(strict, LETTERS, disk(1_000_000, 0)))).containsExactly("min-isr warn");
    }

    @Test
    void noFixMakesItWorse() {
        var two = copies(2, "2");
        assertThat(check(two, ReadinessAspect.MIN_ISR).level()).isEqualTo(ReadinessLevel.WARN);
        assertThat(check(two, ReadinessAspect.MIN_ISR).fix()).isNull();
        assertThat(check(copies(2, "3"), ReadinessAspect.MIN_ISR).fix()).contains("min.insync.replicas=2");
        assertThat(check(copies(3, "3"), ReadinessAspect.MIN_ISR).fix()).contains("min.insync.replicas=2");
        assertThat(check(copies(1, "2"), ReadinessAspect.MIN_ISR).fix()).contains("min.insync.replicas=1");
    }

    private static TopicState copies(int count, String minIsr) {
        var brokers = List.of(1, 2, 3).subList(0, count);
        return new TopicState(
                "orders",
                UUID.randomUUID(),
                List.of(brokers, brokers),
                Set.of(AclOperation.ALL),
                topic("orders", Map.of("min.insync.replicas", minIsr)).configs());
    }

    private static ReadinessCheck check(TopicState topic, ReadinessAspect aspect) {
        return ReadinessRules.judge(facts(topic, LETTERS, disk(1_000_000, 0)), COMMAND).stream()
                .filter(check -> check.aspect() == aspect)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void sizeAloneIsABoundAndNoAge() {
        var bySize = Map.of("retention.ms", "-1", "retention.bytes", "1000000000");
        assertThat(findings(facts(topic("orders", bySize), LETTERS, disk(5_000_000_000L, 1))))
                .isEmpty();
        var letters = topic("orders-dlt", with(bySize, "max.message.bytes", "2000000"));
        var facts = facts(ORIGIN, letters, disk(1_000_000, 0));
        assertThat(findings(facts)).isEmpty();
        assertThat(ReadinessRules.judge(facts, COMMAND))
                .filteredOn(check -> check.aspect() == ReadinessAspect.DEAD_LETTER_RETENTION)
                .singleElement()
                .satisfies(check -> assertThat(check.measured()).contains("954 MiB a partition"));
    }

    static Map<String, String> with(Map<String, String> configs, String name, String value) {
        var all = new HashMap<>(configs);
        all.put(name, value);
        return all;
    }

    @Test
    void whatNothingDeletesByAgeIsNotKeptTooShort() {
        var compacted = Map.of("cleanup.policy", "compact", "retention.ms", "1000", "max.message.bytes", "2000000");
        assertThat(findings(facts(ORIGIN, topic("orders-dlt", compacted), disk(1_000_000, 0))))
                .containsExactly("dead-letter-cleanup fail");
        var both = with(compacted, "cleanup.policy", "compact,delete");
        assertThat(findings(facts(ORIGIN, topic("orders-dlt", both), disk(1_000_000, 0))))
                .containsExactly("dead-letter-retention fail", "dead-letter-cleanup fail");
        // Of a compacted topic retention.bytes deletes nothing, and fills no disk.
        var origin = topic("orders", Map.of("cleanup.policy", "compact", "retention.bytes", "1000000000000"));
        assertThat(findings(facts(origin, LETTERS, disk(1_000_000, 0)))).isEmpty();
    }

    @Test
    void oneThingThatCannotBeMeasuredHidesNoOther() {
        var blind = new TopicState("orders", UUID.randomUUID(), List.of(List.of(1)), null, null);
        var facts = new ReadinessFacts(
                blind,
                TopicRole.ORDINARY,
                null,
                null,
                null,
                1,
                ReadinessPart.unknown("There was no answer in time."),
                ReadinessPart.unknown("There was no answer in time."),
                ReadinessPart.unknown("There was no answer in time."),
                ReadinessPart.unknown("There was no answer in time."),
                ReadinessPart.unknown("There was no answer in time."));
        assertThat(findings(facts))
                .contains(
                        "replication fail", "partitions warn", "retention unknown", "null-keys unknown", "disk unknown")
                .contains("dead-letter-topic fail");
    }

    @Test
    void readsRightsAsTheBrokerTellsThem() {
        assertThat(acl(Set.of(AclOperation.DESCRIBE, AclOperation.READ), Set.of(AclOperation.WRITE)))
                .isEqualTo(ReadinessLevel.OK);
        assertThat(acl(Set.of(AclOperation.ALL), Set.of(AclOperation.ALL))).isEqualTo(ReadinessLevel.OK);
        assertThat(acl(Set.of(AclOperation.DESCRIBE), Set.of(AclOperation.WRITE)))
                .isEqualTo(ReadinessLevel.FAIL);
        assertThat(acl(Set.of(AclOperation.DESCRIBE, AclOperation.READ), Set.of(AclOperation.READ)))
                .isEqualTo(ReadinessLevel.FAIL);
        assertThat(acl(null, Set.of(AclOperation.ALL))).isEqualTo(ReadinessLevel.UNKNOWN);
    }

    private static ReadinessLevel acl(@Nullable Set<AclOperation> letters, @Nullable Set<AclOperation> origin) {
        var one = new TopicState("orders-dlt", UUID.randomUUID(), List.of(), letters, Map.of());
        var other = new TopicState("orders", UUID.randomUUID(), List.of(), origin, Map.of());
        return ReadinessServiceRules.acl(one, other, null, COMMAND).level();
    }
}
