package dev.redrive.convention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Content;
import dev.redrive.letter.Header;
import dev.redrive.letter.Reading;
import dev.redrive.testkit.Vectors;
import dev.redrive.testkit.Vectors.Vector;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No bytes make a reading throw, and none makes it claim what Postgres or Kafka would refuse. A thousand mixtures of each
 * seed in every build; {@code -Dtotality.mixtures=4000}, or any number, is more of the same sequences.
 */
class TotalityTest {

    private static final int MIXTURES = Integer.getInteger("totality.mixtures", 1_000);
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final List<Vector> VECTORS = Vectors.all();
    private static final List<String> TOPICS = List.of(
            "orders-dlt", "orders__svc__dlq", "error.orders.billing", "any", "orders-retry-0", "success-responses");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void readsMixturesOfMutilatedVectors(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < MIXTURES; i++) {
            Records records = Records.in(pick(random, TOPICS));
            var headers = new ArrayList<Header>();
            for (int part = 0; part < 1 + random.nextInt(3); part++) {
                headers.addAll(pick(random, VECTORS).content().headers());
            }
            if (random.nextBoolean()) {
                Collections.shuffle(headers, random);
            }
            headers.forEach(header -> records.with(header.name(), mutilated(random, header.value())));
            Content content = pick(random, VECTORS).content();
            records.key(mutilated(random, content.key())).value(mutilated(random, content.value()));
            assertSound(records);
        }
    }

    @Test
    void readsEveryVectorCutAnywhere() {
        for (Vector vector : VECTORS) {
            Buffer value = vector.content().value();
            Buffer key = vector.content().key();
            for (int end = 0; value != null && end < value.length(); end++) {
                assertSound(Records.in(vector.dlqTopic()).key(key).value(value.getBuffer(0, end)));
            }
            for (int end = 0; key != null && end < key.length(); end++) {
                assertSound(Records.in(vector.dlqTopic()).value(value).key(key.getBuffer(0, end)));
            }
        }
    }

    @Test
    void readsEnvelopesWithoutBottomOrEnd() {
        String mark = "{\"KafkaBatchInfo\":{},\"requestContext\":";
        for (String body : List.of(
                "[".repeat(100_000),
                "{\"a\":".repeat(100_000),
                "1".repeat(5_000_000) + "}",
                "1e" + "9".repeat(1_000_000) + "}",
                "\"" + "\\u0000".repeat(100_000) + "\"}",
                "[" + "1,".repeat(1_000_000) + "1]}",
                "{\"approximateInvokeCount\":1e999999999}}")) {
            assertSound(Records.in("any").value(mark + body));
            assertSound(Records.in("any")
                    .with("content-type", "application/cloudevents+json")
                    .value("{\"knativeerrordest\":\"x\",\"a\":" + body));
            assertSound(
                    Records.in("any").with("__topic", "t").with("__offset", "1").value(body));
            assertSound(Records.in("any").with("input_record_topic", "t").value(body));
        }
    }

    @Test
    void readsRandomBytesBehindEachMagic() {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            Buffer magic = Buffer.buffer(new byte[][] {{(byte) 0xFF, 3}, {0, 0, 0, 0, 1, 2}, {0, 0, 0, 0, 1, 0}, {'{'}}
                    [i % 4]);
            assertSound(
                    Records.in(pick(random, TOPICS)).key(Buffer.buffer(bytes)).value(magic.appendBytes(bytes)));
        }
    }

    @Test
    void readsNothingAtAll() {
        assertThat(Records.in("x").key(null).value((Buffer) null).read().convention())
                .isEqualTo(Reading.UNKNOWN);
    }

    private static void assertSound(Records records) {
        Reading reading = records.read();
        assertThat(records.recognised()).isIn(true, false);
        String topic = reading.origin().topic();
        assertThat(topic == null || TOPIC.matcher(topic).matches())
                .as("topic %s", topic)
                .isTrue();
        for (Number number : Arrays.asList(
                reading.origin().partition(),
                reading.origin().offset(),
                reading.origin().timestamp())) {
            assertThat(number == null || number.longValue() >= 0).isTrue();
        }
        Integer attempts = reading.failure().attempts();
        assertThat(attempts == null || attempts > 0).isTrue();
        assertThat(textsOf(reading)).noneMatch(text -> text != null && text.indexOf('\0') >= 0);
        var names =
                records.arrival().content().headers().stream().map(Header::name).toList();
        assertThat(names).containsAll(reading.replayDrops());
    }

    private static List<@Nullable String> textsOf(Reading reading) {
        var texts = new ArrayList<@Nullable String>(reading.details().values());
        texts.add(reading.origin().consumerGroup());
        texts.add(reading.failure().exceptionClass());
        texts.add(reading.failure().causeClass());
        texts.add(reading.failure().message());
        texts.add(reading.failure().stackTrace());
        return texts;
    }

    private static @Nullable Buffer mutilated(Random random, @Nullable Buffer bytes) {
        if (bytes == null || random.nextInt(4) > 0) {
            return bytes;
        }
        Buffer copy = bytes.copy();
        return switch (random.nextInt(5)) {
            case 0 -> null;
            case 1 -> Buffer.buffer();
            case 2 -> copy.getBuffer(0, random.nextInt(copy.length() + 1));
            case 3 -> copy.appendByte((byte) random.nextInt());
            default -> copy.length() == 0 ? copy : copy.setByte(random.nextInt(copy.length()), (byte) random.nextInt());
        };
    }

    private static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
