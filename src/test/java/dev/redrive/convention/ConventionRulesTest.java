package dev.redrive.convention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Origin;
import dev.redrive.letter.Payload;
import dev.redrive.letter.Reading;
import io.vertx.core.buffer.Buffer;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What single frameworks do beyond their vectors, and who must not be taken for one. */
class ConventionRulesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exception-type",
                "original-destination",
                "OriginalTopic",
                "Topic",
                "attempts",
                "source_topic",
                "topic",
                "kafka_correlationId",
                "kafka_replyTopic",
                "kafka_topic",
                "x-original-author",
                "x-original-topic",
                "x-source-topic",
                "dead-letter-office",
                "ce_id",
                "original_partition",
                "original-partition",
                "x-original-partition",
                "__topic",
                "__key",
                "payload",
                "kafka_dlt-something-else",
                "__connect.errors.other",
                "GH_OriginalTopic",
                "dt_meta",
                "MT-Fault-Message"
            })
    void aBusinessHeaderIsKeptAndMarksNothing(String name) {
        Reading reading = Records.in("orders-dlq").with(name, "orders").read();
        assertThat(reading.convention()).isEqualTo(Reading.UNKNOWN);
        assertThat(reading.replayDrops()).isEmpty();
        assertThat(reading.origin().topic()).isEqualTo("orders");
        assertThat(reading.origin().inferredFrom()).isEqualTo(Origin.FROM_TOPIC_NAME);
        assertThat(Records.in("orders").with(name, "x").recognised()).isFalse();
    }

    @Test
    void whatOnlyOneFrameworkWritesIsDroppedAlone() {
        Reading reading = Records.in("orders-dlq")
                .with("springDeserializerExceptionKey", "x")
                .with("kafka_deliveryAttempt", "x")
                .with("deserialization-failure-dlq", "true")
                .with("wolverine-kafka-retry-tier", "1")
                .with("traceparent", "00-1-1-01")
                .read();
        assertThat(reading.convention()).isEqualTo(Reading.UNKNOWN);
        assertThat(reading.replayDrops())
                .containsExactly(
                        "springDeserializerExceptionKey",
                        "kafka_deliveryAttempt",
                        "deserialization-failure-dlq",
                        "wolverine-kafka-retry-tier");
    }

    @Test
    void aNaiveReplayThroughRetryTopicsKeepsItsFirstCoordinatesAndItsLastCount() {
        Reading reading = Records.in("payments-dlt")
                .with("kafka_original-topic", "payments")
                .i64("kafka_original-offset", 4711)
                .i32("retry_topic-attempts", 4)
                .i32("retry_topic-attempts", 5)
                .with("kafka_exception-fqcn", "java.lang.IllegalStateException")
                .read();
        assertThat(reading.origin().offset()).isEqualTo(4711);
        assertThat(reading.failure().attempts()).isEqualTo(4);
        assertThat(reading.latest()).isNull();
    }

    @Test
    void aRecordReplayedIntoItsOriginWithAllItsHeadersMarksNoDeadLetterTopic() {
        assertThat(Records.in("orders").spring("orders", 1, "g").recognised()).isFalse();
        assertThat(Records.in("failures-of-all").spring("orders", 1, "g").recognised())
                .isTrue();
    }

    @Test
    void commonMarksNeedAHintInTheName() {
        assertThat(Records.in("events")
                        .with("original_partition", "1")
                        .with("original_offset", "2")
                        .recognised())
                .isFalse();
        assertThat(Records.in("events-failed")
                        .with("original_partition", "1")
                        .with("original_offset", "2")
                        .recognised())
                .isTrue();
        assertThat(Records.in("events").recognised()).isFalse();
    }

    @Test
    void anExcludedTopicIsNeverRecognised() {
        assertThat(Records.in("orders-retry-0").spring("orders", 1, "g").recognised())
                .isFalse();
    }

    @Test
    void arroyosOriginIsInferredBesideItsCoordinates() {
        Reading reading = Records.in("events-dlq")
                .with("original_partition", "5")
                .with("original_offset", "1")
                .with("original_partition", "0")
                .with("original_offset", "2")
                .read();
        assertThat(reading.origin()).isEqualTo(new Origin("events", 5, 1L, null, null, Origin.FROM_TOPIC_NAME));
        assertThat(reading.latest()).isEqualTo(new Reading.Hop(null, 0, 2L, null));
    }

    @Test
    void anUnresolvedTopicOfAShareGroupIsAnId() {
        Reading reading = Records.in("dlq.g")
                .with("__dlq.errors.topic", "mFCjbyVNRlu1nFZgXJ3hZQ")
                .with("__dlq.errors.offset", "1")
                .key(null)
                .value((Buffer) null)
                .read();
        assertThat(reading.origin().topic()).isNull();
        assertThat(reading.details())
                .containsEntry("topicIsUuid", "true")
                .containsEntry("topicId", "mFCjbyVNRlu1nFZgXJ3hZQ");
        assertThat(Records.in("dlq.g")
                        .with("__dlq.errors.topic", "orders-payments-events")
                        .read()
                        .origin()
                        .topic())
                .isEqualTo("orders-payments-events");
    }

    @Test
    void aCopiedTombstoneOfAShareGroupIsReplayable() {
        Reading reading = Records.in("dlq.g")
                .with("__dlq.errors.topic", "orders")
                .value((Buffer) null)
                .read();
        assertThat(reading.payload()).isEqualTo(Payload.PRESENT);
        assertThat(reading.replayable()).isTrue();
    }

    @Test
    void theDraftOfKip1317IsReadForWhatItNames() {
        Reading reading = Records.in("x-dlq")
                .with("_dlq.errors.disposition", "REJECTED")
                .with("_dlq.errors.original.topic", "orders")
                .with("_dlq.errors.original.partition", "2")
                .with("_dlq.errors.original.offset", "9")
                .read();
        assertThat(reading.origin()).isEqualTo(new Origin("orders", 2, 9L, null, null, null));
        assertThat(reading.details()).containsEntry("disposition", "REJECTED");
    }

    @Test
    void aPunctuatorsLetterIsNoTombstone() {
        Reading reading = Records.in("app-dlq")
                .streams(null, -1)
                .key(null)
                .value((Buffer) null)
                .read();
        assertThat(reading.payload()).isEqualTo(Payload.ABSENT);
        assertThat(reading.replayable()).isFalse();
        assertThat(reading.origin().topic()).isNull();
        assertThat(reading.origin().offset()).isNull();
    }

    @Test
    void wolverinesRetryTiersLeadToTheRealSource() {
        Reading reading = Records.in("wolverine-dead-letter-queue")
                .with("exception-type", "System.Exception")
                .with("exception-stack", "")
                .with("original-destination", "kafka://topic/orders.retry.30s")
                .with("original-offset", "5")
                .with("wolverine-kafka-retry-source", "orders")
                .with("attempts", "4")
                .read();
        assertThat(reading.origin().topic()).isEqualTo("orders");
        assertThat(reading.origin().offset()).isNull();
        assertThat(reading.latest()).isEqualTo(new Reading.Hop("orders.retry.30s", null, 5L, null));
        assertThat(reading.failure().stackTrace()).isNull();
        assertThat(reading.replayDrops()).doesNotContain("attempts");
    }

    @Test
    void wolverineBeforeDestinationsNeedsItsWholeSet() {
        assertThat(Records.in("d")
                        .with("exception-type", "System.Exception")
                        .with("exception-message", "m")
                        .with("exception-stack", "at X")
                        .with("failed-at", "5")
                        .read()
                        .convention())
                .isEqualTo("wolverine");
    }

    @Test
    void helidonsPreviewIsReadAsTextAndAsBytes() {
        Reading text = Records.in("d")
                .with("dlq-orig-topic", "orders")
                .with("dlq-orig-partition", "1")
                .with("dlq-orig-offset", "12345678")
                .with("dlq-orig-timestamp", "1000")
                .with("helidon_messaging_dead_letter_attempts", "3")
                .with("helidon_messaging_dead_letter_source_channel", "in")
                .read();
        assertThat(text.origin()).isEqualTo(new Origin("orders", 1, 12_345_678L, 1_000L, null, null));
        assertThat(text.failure().attempts()).isEqualTo(3);
        assertThat(Records.in("d")
                        .with("dlq-orig-topic", "orders")
                        .i32("dlq-orig-partition", 1)
                        .i64("dlq-orig-offset", 7)
                        .read()
                        .origin())
                .isEqualTo(new Origin("orders", 1, 7L, null, null, null));
    }

    @Test
    void theReportersSuccessIsNoDeadLetter() {
        Reading reading = Records.in("success-responses")
                .with("input_record_topic", "orders")
                .with("input_record_offset", "1")
                .with("status_code", "200")
                .with("error_message", "null")
                .read();
        assertThat(reading.convention()).isEqualTo(Reading.NONE);
        assertThat(reading.details()).containsEntry("deadLetter", "false");
    }

    @Test
    void theReportersExceptionNamesItsClass() {
        Reading reading = Records.in("error-sink")
                .with("input_record_topic", "orders")
                .with("exception", "java.net.ConnectException: refused")
                .read();
        assertThat(reading.failure().exceptionClass()).isEqualTo("java.net.ConnectException");
        assertThat(reading.failure().message()).isEqualTo("java.net.ConnectException: refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"adlt", "dlt-ledger-transactions", "dlq-metrics", "orders-errors", "orders-g-retry-3"})
    void aFalseFriendIsNoDeadLetter(String topic) {
        Reading reading = Records.in(topic).with("GH_OriginalTopic", "x").read();
        assertThat(reading.convention()).isEqualTo(Reading.NONE);
        assertThat(reading.origin()).isEqualTo(Origin.UNKNOWN);
        assertThat(reading.replayDrops()).isEmpty();
    }

    @Test
    void aWeakNameBesideItsTopicTellsTheOrigin() {
        var arrival = Records.in("orders-errors").arrival();
        Reading reading = Conventions.standard().read(arrival, TopicName.judge("orders-errors", Set.of("orders")));
        assertThat(reading.convention()).isEqualTo(Reading.UNKNOWN);
        assertThat(reading.origin().topic()).isEqualTo("orders");
        assertThat(Records.in("orders-errors").recognised()).isFalse();
    }

    @Test
    void aHeaderWinsOverTheName() {
        Origin origin =
                Records.in("orders-dlt").spring("payments", 1, null).read().origin();
        assertThat(origin.topic()).isEqualTo("payments");
        assertThat(origin.inferredFrom()).isNull();
    }
}
