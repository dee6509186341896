package dev.redrive.convention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Reading;
import org.junit.jupiter.api.Test;

/** Records that failed more than once, under one framework or under several. */
class MixtureTest {

    @Test
    void connectAfterSmallRye() {
        Reading reading = Records.in("dlq-final")
                .smallRye("orders", 42)
                .connect("dead-letter-topic-orders-in", 7, "sink")
                .read();
        assertThat(reading.convention()).isEqualTo("kafka-connect");
        assertThat(reading.origin().topic()).isEqualTo("orders");
        assertThat(reading.origin().offset()).isEqualTo(42);
        assertThat(reading.failure().exceptionClass()).isEqualTo("connect.E7");
        assertThat(reading.latest()).isEqualTo(new Reading.Hop("dead-letter-topic-orders-in", 0, 7L, "connect-sink"));
    }

    @Test
    void springAfterSmallRyeStandsBehindItAndIsLater() {
        Reading reading = Records.in("dead-letter-topic-orders-in-dlt")
                .smallRye("orders", 42)
                .springException("late.E")
                .spring("dead-letter-topic-orders-in", 7, "fixer")
                .read();
        assertThat(reading.convention()).isEqualTo("spring-kafka");
        assertThat(reading.origin().topic()).isEqualTo("orders");
        assertThat(reading.failure().exceptionClass()).isEqualTo("late.E");
    }

    @Test
    void smallRyeAfterSpringStandsBeforeItAndIsLater() {
        Reading reading = Records.in("my-failures")
                .smallRye("orders.DLT", 4)
                .spring("orders", 100, "svc")
                .springException("early.E")
                .read();
        assertThat(reading.convention()).isEqualTo("smallrye-reactive-messaging");
        assertThat(reading.origin().offset()).isEqualTo(100);
        assertThat(reading.origin().consumerGroup()).isEqualTo("svc");
        assertThat(reading.failure().message()).isEqualTo("reason 4");
    }

    @Test
    void springThenConnectThenSpring() {
        Reading reading = Records.in("dlq-c-dlt")
                .spring("orders", 1, "svc")
                .connect("orders-dlt", 2, "sink")
                .springException("third.E")
                .spring("dlq-c", 3, "again")
                .read();
        assertThat(reading.convention()).isEqualTo("spring-kafka");
        assertThat(reading.origin().offset()).isEqualTo(1);
        assertThat(reading.latest()).isEqualTo(new Reading.Hop("dlq-c", 3, 3L, "again"));
        assertThat(reading.failure().exceptionClass()).isEqualTo("third.E");
    }

    @Test
    void theBindersGroupIsFoundInALaterHopsTopic() {
        Reading reading = Records.in("dlq-final")
                .binder("orders", 9)
                .connect("error.orders.billing.eu", 4, "sink")
                .read();
        assertThat(reading.origin().topic()).isEqualTo("orders");
        assertThat(reading.origin().consumerGroup()).isEqualTo("billing.eu");
        assertThat(reading.details()).containsEntry("consumerGroupSource", "dlqTopicName");
        assertThat(reading.convention()).isEqualTo("kafka-connect");
    }

    @Test
    void aSpringApplicationThatReadsAConnectQueueSawTheOriginsTimestamp() {
        Reading reading = Records.in("dlq-sink-dlt")
                .connect("orders", 4, "sink")
                .springException("late.E")
                .spring("dlq-sink", 7, "svc")
                .read();
        assertThat(reading.origin().topic()).isEqualTo("orders");
        assertThat(reading.origin().consumerGroup()).isEqualTo("connect-sink");
        assertThat(reading.origin().timestamp()).isEqualTo(1_700_000_000_000L);
    }

    @Test
    void aNaiveReplayUnderAnotherFrameworkIsOrderedByPosition() {
        Reading reading = Records.in("dlq-all")
                .spring("orders", 1, "svc")
                .springException("first.E")
                .streams("orders", 2)
                .read();
        assertThat(reading.origin().offset()).isEqualTo(1);
        assertThat(reading.convention()).isEqualTo("kafka-streams");
        assertThat(reading.failure().exceptionClass()).isEqualTo("streams.E2");
    }

    @Test
    void retryTopicsAndThenARecovererOnTheirDeadLetters() {
        Reading reading = Records.in("payments-dlt-dlt")
                .with("kafka_original-topic", "payments")
                .i32("kafka_original-partition", 1)
                .i64("kafka_original-offset", 4711)
                .with("kafka_dlt-original-consumer-group", "payment-svc")
                .i32("retry_topic-attempts", 4)
                .with("kafka_exception-fqcn", "first.E")
                .springException("second.E")
                .spring("payments-dlt", 6, "desk")
                .read();
        assertThat(reading.origin().topic()).isEqualTo("payments");
        assertThat(reading.origin().consumerGroup()).isEqualTo("payment-svc");
        assertThat(reading.latest()).isEqualTo(new Reading.Hop("payments-dlt", 3, 6L, "desk"));
        assertThat(reading.failure().exceptionClass()).isEqualTo("second.E");
    }

    @Test
    void aLaterBlockWithoutItsGroupDoesNotTakeTheOlderOnes() {
        Reading reading = Records.in("orders.DLT.DLT")
                .spring("orders", 1, null)
                .spring("orders.DLT", 2, "new-svc")
                .springException("e.E")
                .read();
        assertThat(reading.origin().consumerGroup()).isNull();
        assertThat(reading.latest()).isEqualTo(new Reading.Hop("orders.DLT", 3, 2L, "new-svc"));
    }

    @Test
    void anOlderSmallRyeBlockWithoutClassNamesDoesNotTakeTheNewerOnes() {
        Reading reading = Records.in("dead-letter-topic-b")
                .with("dead-letter-reason", "new")
                .with("dead-letter-topic", "dead-letter-topic-a")
                .with("dead-letter-exception-class-name", "old.E")
                .with("dead-letter-reason", "old")
                .with("dead-letter-topic", "orders")
                .read();
        assertThat(reading.origin().topic()).isEqualTo("orders");
        assertThat(reading.failure().message()).isEqualTo("new");
        assertThat(reading.failure().exceptionClass()).isNull();
    }

    @Test
    void blocksSortedByNameBelongTogetherByTheirCount() {
        Reading reading = Records.in("orders-dlt-dlt")
                .i64("kafka_dlt-original-offset", 1)
                .i64("kafka_dlt-original-offset", 2)
                .i32("kafka_dlt-original-partition", 5)
                .i32("kafka_dlt-original-partition", 6)
                .with("kafka_dlt-original-topic", "orders")
                .with("kafka_dlt-original-topic", "orders-dlt")
                .read();
        assertThat(reading.origin().partition()).isEqualTo(5);
        assertThat(reading.origin().offset()).isEqualTo(1);
        assertThat(reading.latest()).isEqualTo(new Reading.Hop("orders-dlt", 6, 2L, null));
    }

    @Test
    void aNullMessageIsNotThatOfAnOlderFailure() {
        Reading reading = Records.in("orders.DLT")
                .spring("orders", 1, null)
                .with("kafka_dlt-exception-fqcn", "a.A")
                .with("kafka_dlt-exception-message", "old")
                .spring("orders", 2, null)
                .with("kafka_dlt-exception-fqcn", "b.B")
                .read();
        assertThat(reading.failure().exceptionClass()).isEqualTo("b.B");
        assertThat(reading.failure().message()).isNull();
    }

    @Test
    void streamsAndBakdataShareTheirCoordinates() {
        Reading replaced = Records.in("app-dead-letters")
                .with("__streams.errors.exception", "streams.E")
                .with("__streams.errors.topic", "clicks")
                .with("__streams.errors.partition", "1")
                .with("__streams.errors.offset", "8")
                .with("__streams.errors.exception.class.name", "bak.E")
                .with("__streams.errors.description", "counting")
                .read();
        assertThat(replaced.convention()).isEqualTo("bakdata-error-handling");
        assertThat(replaced.failure().exceptionClass()).isEqualTo("bak.E");

        Reading appended = Records.in("app-dlq")
                .with("__streams.errors.topic", "clicks")
                .with("__streams.errors.offset", "8")
                .with("__streams.errors.exception.class.name", "bak.E")
                .streams("app-dead-letters", 9)
                .read();
        assertThat(appended.convention()).isEqualTo("kafka-streams");
        assertThat(appended.origin().topic()).isEqualTo("clicks");
        assertThat(appended.failure().exceptionClass()).isEqualTo("streams.E9");
    }

    @Test
    void bakdatasFilteringHandlerIsBakdata() {
        Reading reading = Records.in("app-dlq")
                .streams("clicks", 3)
                .with("__streams.errors.processor.node.id", "node")
                .with("__streams.errors.task.id", "0_1")
                .read();
        assertThat(reading.convention()).isEqualTo("bakdata-error-handling");
        assertThat(reading.failure().exceptionClass()).isEqualTo("streams.E3");
        assertThat(reading.replayDrops()).hasSize(8);
    }

    @Test
    void aThousandHopsAreReadInTime() {
        Records records = Records.in("orders-dlt");
        for (int i = 0; i < 1_000; i++) {
            records.spring("orders", i, "g").connect("orders", i, "c").smallRye("orders", i);
        }
        long start = System.nanoTime();
        assertThat(records.read().origin().topic()).isEqualTo("orders");
        assertThat(System.nanoTime() - start).isLessThan(30_000_000_000L);
    }
}
