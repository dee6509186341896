package dev.redrive.convention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Origin;
import dev.redrive.letter.Reading;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of conventions.md §0.1. */
class DecodingTest {

    @Test
    void oneTextualIntegerMakesItsSiblingsText() {
        Origin origin = Records.in("orders-dlt")
                .with("kafka_dlt-original-topic", "orders")
                .with("kafka_dlt-original-partition", "3")
                .with("kafka_dlt-original-offset", "12345678")
                .with("kafka_dlt-original-timestamp", "1767225600123")
                .read()
                .origin();
        assertThat(origin.offset()).isEqualTo(12_345_678L);
    }

    @Test
    void fourDigitsOfPartitionAreTextBesideATextualTimestamp() {
        Origin origin = Records.in("error.orders.g")
                .with("x-original-topic", "orders")
                .with("x-original-partition", "1234")
                .with("x-original-offset", "9")
                .with("x-exception-fqcn", "a.B")
                .read()
                .origin();
        assertThat(origin.partition()).isEqualTo(1234);
        assertThat(origin.offset()).isEqualTo(9);
    }

    @Test
    void eightDigitsAloneAreANumberOfEightBytes() {
        Origin origin = Records.in("orders-dlt")
                .with("kafka_dlt-original-topic", "orders")
                .with("kafka_dlt-original-offset", "12345678")
                .read()
                .origin();
        assertThat(origin.offset()).isEqualTo(0x3132333435363738L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "", " 1", "1.0", "0x10", "9223372036854775808", "99999999999999999999", "١"})
    void whatIsNoNumberIsUnknown(String offset) {
        Origin origin = Records.in("d").connect("orders", 0, "c").read().origin();
        assertThat(origin.offset()).isEqualTo(0);
        assertThat(Records.in("d")
                        .with("__connect.errors.topic", "orders")
                        .with("__connect.errors.offset", offset)
                        .read()
                        .origin()
                        .offset())
                .isNull();
    }

    @Test
    void aPartitionBeyondIntIsUnknown() {
        Origin origin = Records.in("d")
                .with("__connect.errors.topic", "orders")
                .with("__connect.errors.partition", "2147483648")
                .read()
                .origin();
        assertThat(origin.partition()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "orders eu", "bestellungen-ü", "a/b", "orders\0"})
    void whatCannotNameATopicIsNotUsed(String topic) {
        Reading reading = Records.in("orders-dlt")
                .with("kafka_dlt-original-topic", topic)
                .with("kafka_dlt-exception-fqcn", "a.B")
                .read();
        assertThat(reading.origin().topic()).isEqualTo("orders");
        assertThat(reading.origin().inferredFrom()).isEqualTo(Origin.FROM_TOPIC_NAME);
        assertThat(Records.in("any").connect(topic, 1, "c").read().origin().topic())
                .isNull();
    }

    @Test
    void aTopicNameHasAtMost249Characters() {
        assertThat(Records.in("d")
                        .connect("a".repeat(249), 1, "c")
                        .read()
                        .origin()
                        .topic())
                .hasSize(249);
        assertThat(Records.in("d")
                        .connect("a".repeat(250), 1, "c")
                        .read()
                        .origin()
                        .topic())
                .isNull();
    }

    @Test
    void retryAttemptsAreOneByteUnsignedOrFourBytes() {
        assertThat(retried(Buffer.buffer(new byte[] {(byte) 200}))).isEqualTo(199);
        assertThat(retried(Buffer.buffer().appendInt(4))).isEqualTo(3);
        assertThat(retried(Buffer.buffer("12"))).isEqualTo(11);
        assertThat(retried(Buffer.buffer(new byte[] {1, 2, 3}))).isNull();
        assertThat(retried(Buffer.buffer().appendInt(-4))).isNull();
        assertThat(retried(Buffer.buffer().appendInt(1))).isNull();
        assertThat(retried(null)).isNull();
    }

    private static @Nullable Integer retried(@Nullable Buffer attempts) {
        return Records.in("p-dlt")
                .with("kafka_original-topic", "p")
                .with("retry_topic-attempts", attempts)
                .read()
                .failure()
                .attempts();
    }

    @Test
    void theFirstTimestampOfRetryTopicsIsABigInteger() {
        Origin origin = Records.in("p-dlt")
                .with("kafka_original-topic", "p")
                .with(
                        "retry_topic-original-timestamp",
                        Buffer.buffer(new byte[] {0x01, (byte) 0x9b, 0x76, (byte) 0xda, (byte) 0xa8, 0x7b}))
                .read()
                .origin();
        assertThat(origin.timestamp()).isEqualTo(1_767_225_600_123L);
    }

    @Test
    void textIsDecodedWithReplacementAndHoldsNoNul() {
        Reading reading = Records.in("orders-dlt")
                .with("kafka_dlt-exception-fqcn", "a.B")
                .with(
                        "kafka_dlt-exception-message",
                        Buffer.buffer(new byte[] {'a', 0, (byte) 0xFF, (byte) 0xED, (byte) 0xA0, (byte) 0x80}))
                .read();
        assertThat(reading.failure().message()).isEqualTo("a\uFFFD\uFFFD\uFFFD");
    }

    @Test
    void theTimestampOfTheRecordIsTheOriginsOnlyWhereTheTopicKeepsIt() {
        assertThat(Records.in("d").streams("o", 1).at(77).read().origin().timestamp())
                .isEqualTo(77);
        assertThat(Records.in("d").streams("o", 1).at(-1).read().origin().timestamp())
                .isNull();
        assertThat(Records.in("d")
                        .streams("o", 1)
                        .at(77)
                        .stampedByTheBroker()
                        .read()
                        .origin()
                        .timestamp())
                .isNull();
        assertThat(Records.in("d").smallRye("o", 1).at(77).read().origin().timestamp())
                .isNull();
    }
}
