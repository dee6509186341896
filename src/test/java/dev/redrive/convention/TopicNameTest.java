package dev.redrive.convention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.convention.TopicName.Confidence;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNameTest {
    private static final Set<String> NONE = Set.of();

    private static TopicName judge(String topic, String... existing) {
        return TopicName.judge(topic, Set.of(existing));
    }

    @ParameterizedTest
    @CsvSource({
        "orders.DLT, orders",
        "orders.dlt, orders",
        "orders-dlt, orders",
        "orders_dlq, orders",
        "Orders-DLQ, Orders",
        "orders.DLT.DLT, orders",
        "orders-dlt-dlt, orders",
        "orders-deserialization-dlt, orders-deserialization",
        "orders-dead-letter, orders",
        "orders.dead.letters, orders",
        "orders-deadletters, orders",
        "orders_dead_letter_queue, orders",
        "orders-dead-letter-topic, orders",
        "word-count-dead-letters, word-count",
        "customers.compacted-dlt, customers.compacted",
        "a__b-dlq, a__b",
        "hero-events-dlq, hero-events",
        "orders-retry-dlt, orders-retry",
        "orders--dlq, orders",
        "orders.dead, orders",
    })
    void readsTheOriginBeforeASuffix(String topic, String origin) {
        TopicName name = TopicName.judge(topic, NONE);
        assertThat(name.rank()).isEqualTo(3);
        assertThat(name.originTopic()).isEqualTo(origin);
        assertThat(name.verified()).isFalse();
        assertThat(name.isDeadLetterByName()).isTrue();
        assertThat(name.needsHeaders()).isFalse();
        assertThat(TopicName.judge(topic, Set.of(origin)).verified()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"ordersDLQ, orders", "OrdersDlt, Orders", "ordersDlq, orders", "ordersDLT, orders", "order2DLQ, order2"
    })
    void takesAChangeOfCaseForASeparator(String topic, String origin) {
        assertThat(judge(topic).originTopic()).isEqualTo(origin);
        assertThat(judge(topic).isDeadLetterByName()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"adlt", "bundlq", "ADLT", "BUNDLQ", "dltledger", "orders", "dead-man", "letters", "dlqueue"})
    void isNotTakenInByLetters(String topic) {
        TopicName name = TopicName.judge(topic, NONE);
        assertThat(name.rank()).isEqualTo(9);
        assertThat(name.isDeadLetterByName()).isFalse();
        assertThat(name.needsHeaders()).isTrue();
        assertThat(name.confidence()).isEqualTo(Confidence.NONE);
        assertThat(name.originTopic()).isNull();
    }

    @Test
    void takesTheExistingTopicForTheOrigin() {
        assertThat(judge("orders-dlq-dlt", "orders", "orders-dlq").originTopic())
                .isEqualTo("orders");
        assertThat(judge("orders-dlq-dlt", "orders-dlq").originTopic()).isEqualTo("orders-dlq");
        assertThat(judge("orders-dlq-dlt").originTopic()).isEqualTo("orders");
        assertThat(judge("orders-dlq", "Orders").verified()).isFalse();
    }

    @Test
    void splitsUbersNamesAtTheLastDoubleUnderscoreUnlessATopicSaysOtherwise() {
        TopicName plain = judge("orders__order-service__dlq");
        assertThat(plain.rank()).isEqualTo(2);
        assertThat(plain.originTopic()).isEqualTo("orders");
        assertThat(plain.consumerGroup()).isEqualTo("order-service");
        assertThat(judge("a__b__c__dlq").originTopic()).isEqualTo("a__b");
        assertThat(judge("a__b__c__dlq", "a").originTopic()).isEqualTo("a");
        assertThat(judge("a__b__c__dlq", "a").consumerGroup()).isEqualTo("b__c");
    }

    @Test
    void believesAPrefixOnlyWhereTheTopicExists() {
        assertThat(judge("dlq.orders", "orders").originTopic()).isEqualTo("orders");
        assertThat(judge("dlq.orders", "orders").confidence()).isEqualTo(Confidence.HIGH);
        assertThat(judge("dlq.orders").originTopic()).isNull();
        assertThat(judge("dlq-jdbc-sink-orders").isDeadLetterByName()).isTrue();
        assertThat(judge("dlq-jdbc-sink-orders").confidence()).isEqualTo(Confidence.MEDIUM);
        assertThat(judge("dead-letter-orders", "orders").originTopic()).isEqualTo("orders");
    }

    @Test
    void aDistributedLedgerIsNoDeadLetterTopic() {
        TopicName ledger = judge("dlt-ledger-transactions", "ledger");
        assertThat(ledger.isDeadLetterByName()).isFalse();
        assertThat(ledger.needsHeaders()).isTrue();
        assertThat(ledger.originTopic()).isNull();
        assertThat(judge("dlt").isDeadLetterByName()).isFalse();
        assertThat(judge("dlt-orders", "orders").isDeadLetterByName()).isTrue();
    }

    @Test
    void triesExactNamesBeforePatterns() {
        assertThat(judge("dead-letter-topic-orders-in", "orders-in").rank()).isEqualTo(5);
        assertThat(judge("dead-letter-topic-orders-in", "orders-in").originTopic())
                .isNull();
        assertThat(judge("dead-letter-topic-orders-dlq").rank()).isEqualTo(5);
        assertThat(judge("dlq-lcc-abc12", "lcc-abc12").rank()).isEqualTo(6);
        assertThat(judge("dlq-lcc-abc12", "lcc-abc12").originTopic()).isNull();
        assertThat(judge("wolverine-dead-letter-queue", "wolverine").rank()).isEqualTo(7);
        assertThat(judge("wolverine-dead-letter-queue", "wolverine").originTopic())
                .isNull();
    }

    @Test
    void readsTheTopicOfOpenSourceKarafkaByNameBecauseNoHeaderCouldConfirmIt() {
        assertThat(judge("dead_messages").isDeadLetterByName()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "wolverine-dead-letter-queue, ",
        "poisonMessages, ",
        "poison-messages, ",
        "poison, ",
        "poison_queue, ",
        "orders_poison, orders",
        "orders.poisoned, orders",
        "orders-poison-queue, orders",
        "orders.dlq.v1, orders",
        "orders-dlt-0, orders",
        "orders-dlq-prod, orders",
    })
    void asksForHeadersAtRankSeven(String topic, String origin) {
        TopicName name = judge(topic);
        assertThat(name.rank()).isEqualTo(7);
        assertThat(name.confidence()).isEqualTo(Confidence.MEDIUM);
        assertThat(name.needsHeaders()).isTrue();
        assertThat(name.originTopic()).isEqualTo(origin);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dlq", "DLQ", "dead-letters", "deadletter", "dead_letter_queue"})
    void readsATopicThatIsCalledNothingElse(String topic) {
        assertThat(judge(topic).isDeadLetterByName()).isTrue();
        assertThat(judge(topic).originTopic()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders-error",
                "orders.errors",
                "orders_err",
                "orders-failed",
                "orders.failures",
                "orders-invalid",
                "orders-quarantine",
                "orders.rejected",
                "orders.parking-lot",
                "orders-parkinglot",
                "error-logs",
                "errors",
                "application-errors",
                "failed-records-topic",
                "error-responses",
                "error-lcc-abc",
                "billing.error.events",
                "fault-events"
            })
    void wordsAboutErrorsAreTheWeakestHint(String topic) {
        TopicName name = judge(topic);
        assertThat(name.rank()).isEqualTo(8);
        assertThat(name.confidence()).isEqualTo(Confidence.LOW);
        assertThat(name.needsHeaders()).isTrue();
    }

    @Test
    void splitsTheBindersNameAtAnExistingTopic() {
        TopicName unknown = judge("error.orders.eu.billing");
        assertThat(unknown.rank()).isEqualTo(1);
        assertThat(unknown.needsHeaders()).isTrue();
        assertThat(unknown.originTopic()).isNull();
        TopicName known = judge("error.orders.eu.billing", "orders", "orders.eu");
        assertThat(known.originTopic()).isEqualTo("orders.eu");
        assertThat(known.consumerGroup()).isEqualTo("billing");
        assertThat(known.isDeadLetterByName()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "payments-retry",
                "payments-retry-0",
                "payments-retry-1000",
                "payments-retry-1000-2",
                "payments-RETRY-0",
                "orders-in_retry_10000",
                "orders.retry.30s",
                "orders.retry.5m",
                "orders.retry.2h",
                "orders-group-retry-3",
                "orders-retry-5s",
                "tasks-retry",
                "orders-dlt-retry-0",
                "orders__svc__retry",
                "orders__svc__slow__retry",
                "orders__svc__resq",
                "__consumer_offsets",
                "__transaction_state",
                "__share_group_state",
                "__cluster_metadata",
                "__remote_log_metadata",
                "__redrive-receipts-dlq",
                "__redrive.receipts",
                "_schemas",
                "_confluent-metrics",
                "__confluent.support",
                "_redpanda.audit",
                "__amazon_msk_canary_state",
                "connect-configs",
                "connect-offsets",
                "connect-status",
                "strimzi.cruisecontrol.metrics",
                "mm2-offset-syncs.eu.internal",
                "eu.checkpoints.internal",
                "heartbeats",
                "eu.heartbeats",
                "app-dlq-store-changelog",
                "app-errors-repartition",
                "app-subscription-registration-topic",
                "app-dlq-subscription-response-topic",
                "success-responses",
                "success-lcc-abc",
                "success-http-sink",
                "pksqlc-1ksql_processing_log",
                "dlq-metrics",
                "dlq-alerts",
                "dlq-audit",
                "DLQ_METRICS"
            })
    void neverReadsAFalseFriend(String topic) {
        TopicName name = judge(topic);
        assertThat(name.isExcluded()).isTrue();
        assertThat(name.isDeadLetterByName()).isFalse();
        assertThat(name.needsHeaders()).isFalse();
        assertThat(name.originTopic()).isNull();
    }

    @Test
    void leavesAReplicaToItsOwnCluster() {
        assertThat(judge("eu.orders-dlt", "orders-dlt").isExcluded()).isTrue();
        assertThat(judge("eu.orders-dlt", "orders", "eu.orders").originTopic()).isEqualTo("eu.orders");
        assertThat(judge("orders.dlq", "dlq").isExcluded()).isFalse();
        assertThat(judge("acme.orders", "orders").isExcluded()).isFalse();
        assertThat(judge("dlq.orders-dlt", "orders-dlt").originTopic()).isEqualTo("orders-dlt");
        assertThat(judge("error.orders.dlt", "orders.dlt", "orders").consumerGroup())
                .isEqualTo("dlt");
    }

    @Test
    void aSourceTopicCalledSuccessMayHaveDeadLetters() {
        assertThat(judge("success-stories-dlt").originTopic()).isEqualTo("success-stories");
        assertThat(judge("success-stories-dead-letters").originTopic()).isEqualTo("success-stories");
    }

    @Test
    void judgesTheLongestNamesAtOnce() {
        for (String topic :
                Set.of("-".repeat(249), ".dlq".repeat(62), "a-dead.letter_".repeat(17), "a".repeat(245) + "-dlq")) {
            assertThat(topic.length()).isLessThanOrEqualTo(249);
            long start = System.nanoTime();
            assertThat(judge(topic).topic()).isEqualTo(topic);
            // A pattern that backtracks over so many characters takes hours.
            assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
        }
        assertThat(judge("a".repeat(245) + "-dlq").originTopic()).isEqualTo("a".repeat(245));
    }
}
