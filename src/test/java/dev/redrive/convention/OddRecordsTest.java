package dev.redrive.convention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Origin;
import dev.redrive.letter.Reading;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

/** Records that follow the rules of conventions.md and look like none of its vectors. */
class OddRecordsTest {

    @Test
    void aNullIsNoValueOfANameThatRepeats() {
        Reading micronaut = Records.in("orders-dlq")
                .with("micronaut-kafka-original-topic", "orders")
                .with("micronaut-kafka-original-topic", (String) null)
                .read();
        assertThat(micronaut.origin().topic()).isEqualTo("orders");
        Reading dapr = Records.in("poison")
                .with("__topic", (String) null)
                .with("__topic", "orders")
                .with("__offset", "4")
                .read();
        assertThat(dapr.origin().topic()).isEqualTo("orders");
        assertThat(Records.in("orders-dlt")
                        .spring("orders", 1, "g")
                        .i32("kafka_deliveryAttempt", 3)
                        .with("kafka_deliveryAttempt", (String) null)
                        .read()
                        .failure()
                        .attempts())
                .isEqualTo(3);
    }

    @Test
    void attemptsAreOneOrMore() {
        assertThat(Records.in("orders-dlt")
                        .spring("orders", 1, "g")
                        .i32("kafka_deliveryAttempt", 0)
                        .read()
                        .failure()
                        .attempts())
                .isNull();
        assertThat(Records.in("orders-dead")
                        .with("delayed-retry-topic", "orders")
                        .with("delayed-retry-count", "9223372036854775807")
                        .read()
                        .failure()
                        .attempts())
                .isNull();
    }

    @Test
    void oneByteOfAttemptsIsANumberUnlessItsSiblingsAreText() {
        assertThat(Records.in("p-dlt")
                        .with("kafka_original-topic", "p")
                        .i64("kafka_original-offset", 1)
                        .with("retry_topic-attempts", "3")
                        .read()
                        .failure()
                        .attempts())
                .isEqualTo(50);
        assertThat(Records.in("p-dlt")
                        .with("kafka_original-topic", "p")
                        .with("kafka_original-offset", "17")
                        .with("retry_topic-attempts", "3")
                        .read()
                        .failure()
                        .attempts())
                .isEqualTo(2);
    }

    @Test
    void aFailureOfTheKeyAfterOneOfTheValueIsTheLatest() {
        Reading reading = Records.in("orders-dlt-dlt")
                .with("kafka_dlt-exception-fqcn", "of.Value")
                .with("kafka_dlt-exception-message", "value")
                .spring("orders", 1, "g")
                .with("kafka_dlt-key-exception-fqcn", "of.Key")
                .with("kafka_dlt-key-exception-message", "key")
                .spring("orders-dlt", 2, "h")
                .read();
        assertThat(reading.failure().exceptionClass()).isEqualTo("of.Key");
        assertThat(reading.failure().message()).isEqualTo("key");
    }

    @Test
    void retryTopicsBehindARecoverersDeadLettersKeepTheirOwnGroup() {
        Reading reading = Records.in("orders.DLT-dlt")
                .springException("first.E")
                .spring("orders", 7, "shop")
                .with("kafka_original-topic", "orders.DLT")
                .i32("kafka_original-partition", 1)
                .i64("kafka_original-offset", 3)
                .with("kafka_dlt-original-consumer-group", "desk")
                .i32("retry_topic-attempts", 4)
                .with("kafka_exception-fqcn", "second.E")
                .read();
        assertThat(reading.origin().topic()).isEqualTo("orders");
        assertThat(reading.origin().consumerGroup()).isEqualTo("shop");
        assertThat(reading.latest()).isEqualTo(new Reading.Hop("orders.DLT", 1, 3L, "desk"));
        assertThat(reading.failure().exceptionClass()).isEqualTo("second.E");
        assertThat(reading.failure().attempts()).isEqualTo(3);
    }

    @Test
    void theBindersHandlerForStreamsHasItsGroupInTheTopicsName() {
        Reading reading = Records.in("error.word.counts.counter.app")
                .springException("a.B")
                .spring("word.counts", 7, null)
                .read();
        assertThat(reading.origin().consumerGroup()).isEqualTo("counter.app");
        assertThat(reading.details()).containsEntry("consumerGroupSource", "dlqTopicName");
        assertThat(Records.in("error.orders.g")
                        .spring("orders", 7, "billing")
                        .read()
                        .origin()
                        .consumerGroup())
                .isEqualTo("billing");
    }

    @Test
    void theDraftsNumbersAreTextWhereTheyCanBe() {
        Reading reading = Records.in("x-dlq")
                .with("_dlq.errors.original.topic", "orders")
                .with("_dlq.errors.original.partition", "1234")
                .with("_dlq.errors.original.offset", "12345678")
                .read();
        assertThat(reading.origin()).isEqualTo(new Origin("orders", 1234, 12_345_678L, null, null, null));
    }

    @Test
    void theReportersWordForNothingNamesNoTopicAndItsSuccessesMarkNone() {
        assertThat(Records.in("error-responses")
                        .with("input_record_topic", "null")
                        .with("error_message", "refused")
                        .read()
                        .origin()
                        .topic())
                .isNull();
        Records success = Records.in("http-answers")
                .with("input_record_topic", "orders")
                .with("status_code", "200")
                .with("error_message", "null")
                .with("exception", "null");
        assertThat(success.recognised()).isFalse();
        assertThat(success.with("exception", "a.B: refused").recognised()).isTrue();
    }

    @Test
    void lambdasKeyOfTheListTellsWhatTheRecordDoesNot() {
        Reading reading = Records.in("failed")
                .value("{\"requestContext\":{},\"KafkaBatchInfo\":{},\"payload\":{\"records\":"
                        + "{\"eu-orders-12\":[{\"offset\":7,\"value\":\"dg==\"}]}}}")
                .read();
        assertThat(reading.origin()).isEqualTo(new Origin("eu-orders", 12, 7L, null, null, null));
        assertThat(reading.replayable()).isTrue();
    }

    @Test
    void threeFrameworksOverFreelyNamedTopicsAreOrderedByPosition() {
        Reading appended = Records.in("final")
                .spring("orders", 1, "svc")
                .connect("parking-1", 2, "sink")
                .springException("third.E")
                .spring("parking-2", 3, "again")
                .read();
        assertThat(appended.origin().topic()).isEqualTo("orders");
        assertThat(appended.latest()).isEqualTo(new Reading.Hop("parking-2", 3, 3L, "again"));
        Reading hinted = Records.in("final")
                .spring("orders", 1, "svc")
                .connect("orders-dlt", 2, "sink")
                .streams("parking", 3)
                .read();
        assertThat(hinted.convention()).isEqualTo("kafka-streams");
        assertThat(hinted.origin().topic()).isEqualTo("orders");
    }

    @Test
    void aBusinessHeaderOfACommonNameIsNoHop() {
        Reading reading = Records.in("orders-dlt")
                .with("x-error-message", "shown to the customer")
                .springException("a.B")
                .spring("orders", 5, "svc")
                .read();
        assertThat(reading.convention()).isEqualTo("spring-kafka");
        assertThat(reading.origin().topic()).isEqualTo("orders");
        assertThat(reading.origin().offset()).isEqualTo(5);
        assertThat(reading.replayDrops()).doesNotContain("x-error-message");
    }

    @Test
    void aTimestampIsTheOriginsOnlyWhereAllBeforeKeptIt() {
        Reading reading = Records.in("dead-letter-topic-x-dlt")
                .smallRye("dlq-sink", 8)
                .connect("orders", 4, "sink")
                .springException("late.E")
                .spring("dead-letter-topic-x", 7, "svc")
                .value(Buffer.buffer("v"))
                .read();
        assertThat(reading.latest()).isEqualTo(new Reading.Hop("dead-letter-topic-x", 3, 7L, "svc"));
        assertThat(reading.origin().timestamp()).isNull();
    }
}
