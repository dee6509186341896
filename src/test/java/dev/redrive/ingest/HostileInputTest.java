package dev.redrive.ingest;

import static dev.redrive.testkit.BrokerTopics.header;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.letter.Content;
import dev.redrive.letter.Header;
import dev.redrive.letter.Storage;
import dev.redrive.testkit.Broker;
import dev.redrive.testkit.BrokerTopics;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.Vectors;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Produce, ingest, read from the store: what came in must come out, whatever it is. */
class HostileInputTest {

    private static final String TRACE = "kafka_dlt-exception-stacktrace";
    private static final String MESSAGE = "kafka_dlt-exception-message";
    private static final String ORIGIN = "kafka_dlt-original-topic";

    private final BrokerTopics broker = Broker.shared().topics();
    private final Rig rig =
            new Rig(Broker.shared().bootstrapServers(), Postgres.shared().freshDatabase());
    private final String topic = rig.topic("orders-dlq");
    private final List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();

    @BeforeEach
    void createTopic() {
        broker.createTopic(
                topic,
                1,
                Map.of(
                        "max.message.bytes",
                        "20000000",
                        "retention.ms",
                        "-1",
                        "message.timestamp.after.max.ms",
                        "9223372036854775807"));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private void send(
            byte @Nullable [] key, byte @Nullable [] value, org.apache.kafka.common.header.Header... headers) {
        sent.add(new ProducerRecord<>(topic, null, null, key, value, List.of(headers)));
    }

    /** Everything is there, byte for byte and in order. */
    private void assertAllComesBack() {
        broker.produceAll(sent);
        rig.start().awaitLetters(sent.size());
        var letters = rig.contents(topic);
        for (int i = 0; i < sent.size(); i++) {
            assertThat(letters.get(i).original()).as("record %d", i).isEqualTo(content(sent.get(i)));
        }
        rig.assertCountersAgree();
    }

    private static Content content(ProducerRecord<byte[], byte[]> record) {
        var headers = new ArrayList<Header>();
        record.headers().forEach(header -> headers.add(new Header(header.key(), buffer(header.value()))));
        return new Content(buffer(record.key()), buffer(record.value()), headers);
    }

    private static @Nullable Buffer buffer(byte @Nullable [] bytes) {
        return bytes == null ? null : Buffer.buffer(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    @DisplayName("B-01 to B-09, B-17, B-18: hostile bytes are stored byte for byte")
    void storesHostileBytes() {
        byte[][] texts = {
            new byte[] {0},
            utf8("{\"a\":\"\\u0000\"}"),
            {(byte) 0xc3, 0x28},
            {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            {(byte) 0xc0, (byte) 0x80},
            utf8("\uFEFFbom"),
            utf8("\u202Ebidi"),
            utf8("[".repeat(100_000)),
            utf8("{\"a\":1e400000,\"a\":" + "1e100000,".repeat(1_000) + "}"),
            {},
            null
        };
        for (var text : texts) {
            send(text, text, header(MESSAGE, text), header(TRACE, text), header("", text), header(ORIGIN, utf8("o")));
        }
        send(utf8("k"), utf8("v"), header("né\0", utf8("x")), header("kafka_dlt-original-offset", utf8("nonsense")));
        var many = new org.apache.kafka.common.header.Header[1_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = header("h" + i % 3, i % 7 == 0 ? null : utf8("" + i));
        }
        send(null, utf8("many"), many);
        var random = new byte[9_600];
        new Random(7).nextBytes(random);
        var noise = buffer(random);
        var text = utf8(requireNonNull(noise).toString(StandardCharsets.ISO_8859_1));
        send(text, text, header(MESSAGE, text), header("kafka_dlt-exception-fqcn", text), header(ORIGIN, utf8("o")));
        var words = new StringBuilder();
        for (int i = 0; words.length() < 5 << 20; i++) {
            words.append("w").append(i).append(' ');
        }
        send(null, utf8(words.toString()));
        var trace = "org.acme.E: m\n" + "\tat org.acme.A.b(A.java:1)\n".repeat(80_000);
        send(null, null, header(TRACE, utf8(trace)), header(ORIGIN, utf8("o")));
        var small = trace.substring(0, 3_000);
        send(null, utf8("small"), header(TRACE, utf8(small)), header(ORIGIN, utf8("o")));
        assertAllComesBack();
        assertThat(rig.number("SELECT max(octet_length(message)) FROM dead_letter"))
                .isLessThanOrEqualTo(8_192);
        assertThat(rig.number("SELECT max(octet_length(frames)) FROM stack_trace"))
                .isLessThanOrEqualTo(256 * 1024);
    }

    @Test
    @DisplayName("B-09: timestamps from 0 to Long.MAX are stored and sort")
    void storesAnyTimestamp() {
        for (long timestamp : new long[] {0, 1, 4_102_444_800_000L, Long.MAX_VALUE}) {
            sent.add(new ProducerRecord<>(topic, 0, timestamp, null, utf8("t"), List.of()));
        }
        assertAllComesBack();
        assertThat(rig.number("SELECT count(*) FROM dead_letter WHERE failed_at <= now() AND failed_at >= 'epoch'"))
                .isEqualTo(4);
        assertThat(rig.number("SELECT max(kafka_timestamp) FROM dead_letter")).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    @DisplayName("B-10: values lie inline up to 256 KiB, in chunks up to the limit (here 17 MiB), then as a pointer")
    void placesValuesBySize() {
        int limit = 17 << 20;
        rig.maxBodyBytes(limit);
        for (int size : new int[] {0, 262_143, 262_144, 262_145, 1 << 20, 16 << 20, limit, limit + 1}) {
            var value = new byte[size];
            new Random(size).nextBytes(value);
            send(null, value);
        }
        broker.produceAll(sent);
        rig.start().awaitLetters(sent.size());
        var letters = rig.contents(topic);
        assertThat(letters.stream().map(letter -> letter.storage()))
                .containsExactly(
                        Storage.INLINE,
                        Storage.INLINE,
                        Storage.INLINE,
                        Storage.CHUNKED,
                        Storage.CHUNKED,
                        Storage.CHUNKED,
                        Storage.CHUNKED,
                        Storage.POINTER);
        for (int i = 0; i < sent.size(); i++) {
            var content = content(sent.get(i));
            assertThat(letters.get(i).hash()).isEqualTo(dev.redrive.letter.ContentCodec.hash(content));
            if (letters.get(i).storage() != Storage.POINTER) {
                assertThat(letters.get(i).original()).isEqualTo(content);
            }
        }
        assertThat(rig.number("SELECT value_size FROM dead_letter WHERE storage = 'pointer'"))
                .isEqualTo(limit + 1);
    }

    @Test
    @DisplayName("B-11, B-12: of 200 letters one is stored raw and one as a pointer, and the rest is whole")
    void storesWhatPostgresRefusesAsLess() {
        rig.sql("""
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                  IF NEW.message = 'refused' OR NEW.key = 'refused' THEN
                    RAISE EXCEPTION 'no' USING ERRCODE = '22P05'; END IF;
                  RETURN NEW; END $$""");
        rig.sql("CREATE TRIGGER refuse BEFORE INSERT ON dead_letter FOR EACH ROW EXECUTE FUNCTION refuse()");
        for (int i = 0; i < 200; i++) {
            var message = header(MESSAGE, utf8(i == 70 ? "refused" : "fine"));
            send(utf8(i == 130 ? "refused" : "k" + i), utf8("v" + i), message, header(ORIGIN, utf8("o")));
        }
        broker.produceAll(sent);
        rig.start().awaitLetters(200);
        assertThat(rig.position(topic, 0)).isEqualTo(200);
        assertThat(rig.number("SELECT count(*) FROM dead_letter WHERE details->>'refused' = '22P05'"))
                .isEqualTo(2);
        assertThat(rig.contents(topic).get(70).original()).isEqualTo(content(sent.get(70)));
        assertThat(rig.contents(topic).get(130).storage()).isEqualTo(Storage.POINTER);
        rig.assertCountersAgree();
    }

    @Test
    @DisplayName("B-16: of many names only those of dead-letter topics are read")
    void readsTheRightNames() {
        var longest = rig.topic("x".repeat(249 - rig.prefix.length() - 4) + "-dlq");
        var read = List.of(topic, rig.topic("a.b_c.DLT"), longest);
        var others = List.of(rig.topic("a-dlq-x"), rig.topic("adlt"), rig.topic("bundlq"));
        for (var name : List.of(read, others).stream().flatMap(List::stream).toList()) {
            if (!name.equals(topic)) {
                broker.createTopic(name, 1);
            }
            broker.produce(name, null, utf8(name));
        }
        rig.start().awaitLetters(3);
        assertThat(rig.sql("SELECT name FROM dead_letter_topic").stream().map(row -> row.getString(0)))
                .containsExactlyInAnyOrderElementsOf(read);
    }

    @Test
    @DisplayName("The 101 vectors come back byte for byte with their convention")
    void storesTheVectors() {
        var vectors = Vectors.all();
        for (var vector : vectors) {
            var content = vector.arrival().content();
            var record = new ProducerRecord<>(topic, 0, bytes(content.key()), bytes(content.value()));
            content.headers().forEach(each -> record.headers().add(each.name(), bytes(each.value())));
            sent.add(record);
        }
        assertAllComesBack();
        assertThat(vectors).hasSize(101);
        assertThat(rig.contents(topic))
                .allSatisfy(letter -> assertThat(letter.storage()).isEqualTo(Storage.INLINE));
    }

    private static byte @Nullable [] bytes(@Nullable Buffer buffer) {
        return buffer == null ? null : buffer.getBytes();
    }
}
