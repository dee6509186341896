package dev.redrive.convention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Content;
import dev.redrive.letter.Header;
import dev.redrive.letter.Payload;
import dev.redrive.letter.Reading;
import dev.redrive.testkit.Vectors;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Values and keys that wrap the record which failed. */
class EnvelopeTest {
    private static final String LAMBDA = """
            {"requestContext":{"condition":"RetryAttemptsExhausted","approximateInvokeCount":1},
             "KafkaBatchInfo":%s, "payload":{"records":{%s}}}""";

    private static Content unwrapped(Reading reading) {
        return Objects.requireNonNull(reading.unwrapped());
    }

    @Test
    void lambdaKeepsNullsDuplicatesAndSignedBytes() {
        String records = """
                "my-topic-0":[{"topic":"my-topic","partition":0,"offset":"7","timestamp":5,"key":null,"value":"",
                "headers":[{"a":[-1,0]},{"a":null},{"":[]}]}]""";
        Reading reading =
                Records.in("failed").value(LAMBDA.formatted("{}", records)).read();
        Content content = unwrapped(reading);
        assertThat(content.key()).isNull();
        assertThat(content.value()).isEqualTo(Buffer.buffer());
        assertThat(content.headers())
                .containsExactly(
                        new Header("a", Buffer.buffer(new byte[] {-1, 0})),
                        new Header("a", null),
                        new Header("", Buffer.buffer()));
        assertThat(reading.origin().offset()).isEqualTo(7);
        assertThat(reading.replayable()).isTrue();
    }

    @Test
    void lambdaWithSeveralRecordsIsNotTakenApart() {
        String records = "\"t-0\":[{\"topic\":\"t\",\"offset\":1},{\"topic\":\"t\",\"offset\":2}]";
        Reading reading =
                Records.in("failed").value(LAMBDA.formatted("{}", records)).read();
        assertThat(reading.unwrapped()).isNull();
        assertThat(reading.replayable()).isFalse();
        assertThat(reading.details()).containsEntry("records", "2").containsEntry("replay", "fetch-original");
    }

    @Test
    void lambdaWithoutPayloadPointsToTheSource() {
        String info = "{\"recordsInfo\":{\"my-topic-3\":{\"firstRecordOffset\":\"12\",\"lastRecordOffset\":\"12\"}}}";
        Reading reading = Records.in("failed").value(LAMBDA.formatted(info, "")).read();
        assertThat(reading.payload()).isEqualTo(Payload.ABSENT);
        assertThat(reading.replayable()).isFalse();
        assertThat(reading.origin().topic()).isEqualTo("my-topic");
        assertThat(reading.origin().partition()).isEqualTo(3);
        assertThat(reading.origin().offset()).isEqualTo(12);
    }

    @Test
    void lambdaWithUndecodableBytesIsNotReplayable() {
        String records = "\"t-0\":[{\"topic\":\"t\",\"offset\":1,\"value\":\"***\"}]";
        Reading reading =
                Records.in("failed").value(LAMBDA.formatted("{}", records)).read();
        assertThat(reading.convention()).isEqualTo("aws-lambda-esm");
        assertThat(reading.replayable()).isFalse();
    }

    @Test
    void aValueThatOnlyMentionsLambdaIsNone() {
        assertThat(Records.in("x").value("{\"note\":\"KafkaBatchInfo\"}").read().convention())
                .isEqualTo(Reading.UNKNOWN);
    }

    @Test
    void uberIsTrustedOnItsOwnNamesAlone() {
        Buffer key = Vectors.of("uber-uforwarder-dlq").content().key();
        assertThat(Records.in("orders-dlq").key(key).read().convention()).isEqualTo(Reading.UNKNOWN);
        assertThat(Records.in("orders__a__b__dlq").key(key).read().origin().consumerGroup())
                .isEqualTo("a__b");
        assertThat(Records.in("orders__svc__retry").key(key).read().convention())
                .isEqualTo(Reading.NONE);
    }

    @Test
    void knativeStructuredLosesItsErrorAndNothingElse() {
        String event = "{ \"specversion\" : \"1.0\",\"knativeerrordest\":\"http://x/\", \"n\": 1.50 ,"
                + "\"knativeerrorcode\":404,\"data\":{\"knativeerrordata\":\"kept\"} , \"knativeerrordata\":\"aGk=\" }";
        Reading reading = Records.in("dead-letters")
                .with("content-type", "Application/CloudEvents+json; charset=utf-8")
                .value(event)
                .read();
        assertThat(reading.convention()).isEqualTo("knative");
        assertThat(reading.failure().exceptionClass()).isEqualTo("HTTP 404");
        assertThat(reading.failure().message()).isEqualTo("hi");
        assertThat(unwrapped(reading).value())
                .hasToString("{\"specversion\" : \"1.0\",\"n\": 1.50,\"data\":{\"knativeerrordata\":\"kept\"}}");
    }

    @Test
    void aStructuredCloudEventWithoutAnErrorIsNoDeadLetter() {
        Reading reading = Records.in("orders")
                .with("content-type", "application/cloudevents+json")
                .value("{\"specversion\":\"1.0\"}")
                .read();
        assertThat(reading.convention()).isEqualTo(Reading.UNKNOWN);
        assertThat(reading.details()).containsEntry("deadLetter", "false");
    }

    @Test
    void knativeDataMayEndWithinACharacterOrBePlainText() {
        assertThat(Records.in("d")
                        .with("ce_knativeerrordest", "x")
                        .with("ce_knativeerrordata", "w6TD")
                        .read()
                        .failure()
                        .message())
                .isEqualTo("ä\uFFFD");
        assertThat(Records.in("d")
                        .with("ce_knativeerrordest", "x")
                        .with("ce_knativeerrordata", "not base64!")
                        .read()
                        .failure()
                        .message())
                .isEqualTo("not base64!");
    }

    @Test
    void embeddedHeadersAreReadAndTheRestIsKept() {
        Buffer value = Buffer.buffer(new byte[] {(byte) 0xFF, 4});
        embed(value, "x-original-topic", "\"orders\"");
        embed(value, "contentType", "\"text/plain\"");
        embed(value, "x-original-offset", "42");
        embed(value, "x-exception-message", "\"boom\"");
        Reading reading = Records.in("error.orders.billing")
                .value(value.appendString("payload"))
                .read();
        assertThat(reading.convention()).isEqualTo("spring-cloud-stream-kafka");
        assertThat(reading.origin().offset()).isEqualTo(42);
        assertThat(reading.origin().consumerGroup()).isEqualTo("billing");
        assertThat(reading.failure().message()).isEqualTo("boom");
        Buffer kept = embed(Buffer.buffer(new byte[] {(byte) 0xFF, 1}), "contentType", "\"text/plain\"");
        assertThat(unwrapped(reading).value()).isEqualTo(kept.appendString("payload"));
    }

    private static Buffer embed(Buffer value, String name, String json) {
        return value.appendByte((byte) name.length())
                .appendString(name)
                .appendInt(json.length())
                .appendString(json);
    }

    @Test
    void bakdatasProtobufIsReadWithoutARegistry() {
        Buffer cause = Buffer.buffer();
        bytes(cause, 1, bytes(Buffer.buffer(), 1, Buffer.buffer("/ by zero")));
        bytes(cause, 3, bytes(Buffer.buffer(), 1, Buffer.buffer("a.B")));
        Buffer message = Buffer.buffer(new byte[] {0, 0, 0, 0, 9, 0});
        bytes(message, 1, Buffer.buffer("counting"));
        bytes(message, 2, cause);
        bytes(message, 4, bytes(Buffer.buffer(), 1, Buffer.buffer("clicks")));
        bytes(message, 5, Buffer.buffer(new byte[] {8, 3}));
        bytes(message, 6, Buffer.buffer(new byte[] {8, 42}));
        bytes(message, 7, Buffer.buffer(new byte[] {8, 5}));
        Reading reading = Records.in("dead").value(message).read();
        assertThat(reading.convention()).isEqualTo("bakdata-error-handling");
        assertThat(reading.origin().topic()).isEqualTo("clicks");
        assertThat(reading.origin().partition()).isEqualTo(3);
        assertThat(reading.origin().offset()).isEqualTo(42);
        assertThat(reading.origin().timestamp()).isEqualTo(5_000);
        assertThat(reading.failure().exceptionClass()).isEqualTo("a.B");
        assertThat(reading.failure().message()).isEqualTo("/ by zero");
        assertThat(reading.payload()).isEqualTo(Payload.REPORT);
        assertThat(reading.replayable()).isFalse();
    }

    private static Buffer bytes(Buffer message, int field, Buffer value) {
        return message.appendByte((byte) (field << 3 | 2))
                .appendByte((byte) value.length())
                .appendBuffer(value);
    }

    @Test
    void otherValuesInConfluentsWireFormatAreNoEnvelopes() {
        for (byte[] value : List.of(
                new byte[] {0, 0, 0, 0, 7, 2, 4, 'h', 'i'}, new byte[] {0, 0, 0, 0, 7}, new byte[] {0, 0, 0, 0, 7, 0
                })) {
            assertThat(Records.in("x").value(Buffer.buffer(value)).read().convention())
                    .isEqualTo(Reading.UNKNOWN);
        }
    }
}
