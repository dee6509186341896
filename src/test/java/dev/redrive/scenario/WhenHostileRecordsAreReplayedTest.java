package dev.redrive.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.BrokerTopics;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Bytes in, through ingest, Postgres and a lane, and the same bytes out. */
class WhenHostileRecordsAreReplayedTest {

    private static final int RECORDS = 400;
    private static final int MEBIBYTE = 1 << 20;

    private final Broker broker = Broker.shared();

    private final String orders = "hostile." + UUID.randomUUID();
    private final Random random = new Random(20);

    @Test
    @DisplayName("B-20: what comes out of a replay has the hash of what came in, 400 of 400")
    void everyByteComesBack() throws Exception {
        var roomy = Map.of("max.message.bytes", Integer.toString(4 * MEBIBYTE));
        broker.topics().createTopic(orders, 2, roomy);
        broker.topics().createTopic(orders + "-dlt", 1, roomy);
        var corpus = corpus();
        broker.topics().produceAll(corpus);
        try (var redrive = RedriveProcess.on(Postgres.shared().freshDatabase(), broker.bootstrapServers())
                .with("REDRIVE_KAFKA_GROUP_ID", "redrive-" + orders)
                .with("REDRIVE_TOPICS_EXCLUDE", "(?!\\Q" + orders + "\\E).*")
                .start()) {
            var desk = new Desk(redrive);
            var hashes = new HashMap<String, String>();
            for (var letter : desk.letters(RECORDS, "is:open")) {
                var offset = letter.getJsonObject("position").getString("offset");
                var record = corpus.get(Integer.parseInt(offset));
                hashes.put(
                        letter.getString("id"),
                        hash(
                                record.key(),
                                record.value(),
                                List.of(record.headers().toArray())));
            }
            desk.replayAll(RECORDS, "is:open", new JsonObject());
            var arrived = new HashMap<String, String>();
            for (var record : broker.topics().read(orders)) {
                arrived.put(letterOf(record), hash(record.key(), record.value(), withoutOurs(record)));
            }
            assertThat(arrived).isEqualTo(hashes);
        }
    }

    private static String letterOf(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.headers().lastHeader("redrive-letter").value(), UTF_8);
    }

    /** Ours are the last three. */
    private static List<Header> withoutOurs(ConsumerRecord<byte[], byte[]> record) {
        var all = List.of(record.headers().toArray());
        return all.subList(0, all.size() - 3);
    }

    private List<ProducerRecord<byte[], byte[]>> corpus() {
        var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (int i = 0; i < RECORDS; i++) {
            byte[] value = i % 100 == 99 ? noise(MEBIBYTE) : part(i / 8);
            records.add(new ProducerRecord<>(orders + "-dlt", 0, part(i), value, headers(i)));
        }
        return records;
    }

    /** Null, empty, NUL, cut and overlong UTF-8, a lone surrogate, deep JSON, a number no double holds, noise. */
    private byte @Nullable [] part(int kind) {
        return switch (kind % 8) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> "a\0b\0".getBytes(UTF_8);
            case 3 -> new byte[] {(byte) 0xc3, 0x28, (byte) 0xc0, (byte) 0x80};
            case 4 -> new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80};
            case 5 -> "[".repeat(100_000).getBytes(UTF_8);
            case 6 -> "{\"n\": 12345678901234567890.10, \"n\":1e400}".getBytes(UTF_8);
            default -> noise(1 + random.nextInt(2_000));
        };
    }

    private List<Header> headers(int kind) {
        var headers = new ArrayList<Header>();
        headers.add(BrokerTopics.header("again", part(kind + 1)));
        headers.add(BrokerTopics.header("größe-名前-\0", part(kind + 3)));
        headers.add(BrokerTopics.header("", null));
        headers.add(BrokerTopics.header("again", noise(5)));
        for (int i = 0; kind % 50 == 7 && i < 1_000; i++) {
            headers.add(BrokerTopics.header("h" + i % 10, noise(i % 7)));
        }
        return headers;
    }

    private byte[] noise(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    /** SHA-256 over every part with its length; -1 is null. */
    private static String hash(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers)
            throws IOException, NoSuchAlgorithmException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        write(out, key);
        write(out, value);
        for (var header : headers) {
            write(out, header.key().getBytes(UTF_8));
            write(out, header.value());
        }
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
    }

    private static void write(DataOutputStream out, byte @Nullable [] part) throws IOException {
        out.writeInt(part == null ? -1 : part.length);
        if (part != null) {
            out.write(part);
        }
    }
}
