package dev.redrive.transfer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.audit.AuditStore;
import dev.redrive.convention.Conventions;
import dev.redrive.http.ApiServer;
import dev.redrive.http.Routes;
import dev.redrive.ingest.ReadElsewhere;
import dev.redrive.letter.Arrival;
import dev.redrive.letter.Content;
import dev.redrive.letter.ContentCodec;
import dev.redrive.letter.Header;
import dev.redrive.letter.LetterContentStore;
import dev.redrive.letter.Position;
import dev.redrive.letter.Status;
import dev.redrive.letter.Storage;
import dev.redrive.testkit.Vectors;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From one Redrive into another and out again. */
class ImportTest {

    private static final String EXPORT = "/api/v1/dead-letters/export";
    private static final int MOST_VALUE_BYTES = 2 << 20;

    private final Vertx vertx = Vertx.vertx();
    private final List<ImportedLetter> source = new ArrayList<>();
    private ApiServer first;
    private ApiServer second;

    @BeforeEach
    void open() throws Exception {
        first = server();
        second = server();
    }

    private ApiServer server() throws Exception {
        return ApiServer.with(this::routes);
    }

    private Routes routes(Pool pool) {
        var audit = new AuditStore(pool);
        return (RouterBuilder routes) -> {
            new ExportRoutes(pool, pool, audit, Clock.systemUTC()).bindTo(routes);
            new ImportRoutes(vertx, pool, audit, MOST_VALUE_BYTES).bindTo(routes);
        };
    }

    @AfterEach
    void close() throws Exception {
        first.close();
        second.close();
        ApiServer.await(vertx.close());
    }

    private static Buffer export(ApiServer from) throws Exception {
        return from.get(EXPORT).body();
    }

    private static JsonObject load(ApiServer to, Buffer file) throws Exception {
        var answer =
                to.send(HttpMethod.POST, "/api/v1/dead-letters/import", file, "Content-Type", "application/x-ndjson");
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        return answer.bodyAsJsonObject();
    }

    private static long number(ApiServer of, String sql) throws Exception {
        return ApiServer.await(of.pool().query(sql).execute()).iterator().next().getLong(0);
    }

    /** As ingest reads it, but without a broker. */
    private void letter(String topic, @Nullable Long timestamp, Content content, Storage storage) {
        var position =
                new Position("cluster-1", topic, UUID.nameUUIDFromBytes(topic.getBytes()), 2, 1_000 + source.size(), 5);
        var arrival =
                new Arrival(position, timestamp == null ? -1 : timestamp, Arrival.TimestampType.CREATE_TIME, content);
        var value = content.value();
        source.add(new ImportedLetter(
                0,
                new ReadElsewhere(
                        arrival,
                        storage,
                        value == null ? null : (long) value.length(),
                        ContentCodec.hash(content),
                        Instant.parse("2026-11-01T00:00:00Z").plusMillis(source.size()),
                        Conventions.standard().read(arrival),
                        null),
                "main",
                Status.values()[source.size() % 7 == 1 ? 0 : source.size() % 7],
                source.size() % 3,
                source.size() % 2 == 0 ? "ann" : null,
                source.size() % 5 == 0 ? List.of("a", "b\"c") : List.of(),
                source.size() % 4 != 0
                        ? List.of()
                        : List.of(new Fields(
                                new JsonObject()
                                        .put("author", "bob")
                                        .put("text", "look: \u2028 ünï")
                                        .put("at", "2026-11-02T03:04:05.123456Z"),
                                ""))));
    }

    private void store() throws Exception {
        var store = new ImportStore();
        ApiServer.await(first.pool()
                .withTransaction(connection -> store.topics(connection, source)
                        .compose(refs -> store.store(connection, source, LetterImport.ready(source, refs), refs))));
    }

    private void vectorsAndHostileLetters() throws Exception {
        // So that topics are mixed, as they come.
        var vectors = new ArrayList<>(Vectors.all());
        Collections.shuffle(vectors, new Random(4));
        for (var vector : vectors) {
            letter(vector.dlqTopic(), vector.recordTimestamp(), vector.content(), Storage.INLINE);
        }
        var all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        var bytes = Buffer.buffer(all);
        var trace = Buffer.buffer("org.acme.E: m\0\n" + "\tat org.acme.A.b(A.java:1)\n".repeat(20));
        var long_ = Buffer.buffer("org.acme.E: m\n" + "\tat org.acme.A.b(A.java:1)\n".repeat(20_000));
        for (var hostile : List.of(bytes, Buffer.buffer(), trace, long_, Buffer.buffer("\u202E\uFEFF\u2028\n\r"))) {
            var headers = List.of(
                    new Header("kafka_dlt-exception-stacktrace", hostile),
                    new Header("kafka_dlt-exception-message", hostile),
                    new Header("kafka_dlt-original-topic", Buffer.buffer("orders")),
                    new Header("", null),
                    new Header("né\0", Buffer.buffer()),
                    new Header("né\0", hostile));
            letter("orders-dlt", Long.MAX_VALUE, new Content(hostile, hostile, headers), Storage.INLINE);
            letter("orders-dlt", Long.MIN_VALUE, new Content(null, null, headers), Storage.INLINE);
        }
        var large = new byte[1_900_001];
        new Random(9).nextBytes(large);
        letter("orders-dlt", 1L, new Content(null, Buffer.buffer(large), List.of()), Storage.CHUNKED);
        letter("orders-dlt", 1L, new Content(bytes, Buffer.buffer(large), List.of()), Storage.POINTER);
        store();
    }

    @Test
    void anExportOfTheVectorsAndOfHostileLettersGivesTheSameExportFromAnEmptyRedrive() throws Exception {
        vectorsAndHostileLetters();
        assertThat(source).hasSize(101 + 12);
        var file = export(first);
        var expected = file.toString();
        var report = load(second, file);
        assertThat(report)
                .isEqualTo(new JsonObject()
                        .put("stored", 113)
                        .put("known", 0)
                        .put("letters", 113)
                        .put("complete", true)
                        .put("failed", 0)
                        .put("errors", new JsonArray()));
        assertThat(export(second).toString()).isEqualTo(expected);
        for (var counted : List.of(
                "SELECT count(*) FROM failure_group",
                "SELECT sum(letters)::bigint FROM failure_group_counter",
                "SELECT sum(discarded)::bigint FROM failure_group_counter",
                "SELECT sum(letters)::bigint FROM letter_tally WHERE hour = -1",
                "SELECT count(*) FROM letter_note")) {
            assertThat(number(second, counted)).as(counted).isEqualTo(number(first, counted));
        }
        assertThat(number(second, "SELECT count(*) FROM ingest_position")).isZero();
        assertBytes();
    }

    private void assertBytes() throws Exception {
        var ids = new ArrayList<Long>();
        ApiServer.await(second.pool()
                        .query("SELECT id FROM dead_letter ORDER BY id")
                        .execute())
                .forEach(row -> ids.add(row.getLong(0)));
        var contents = ApiServer.await(LetterContentStore.contents(second.pool(), ids));
        for (int i = 0; i < ids.size(); i++) {
            var read = source.get(i).read();
            var content = requireNonNull(contents.get(ids.get(i)));
            assertThat(content.hash()).isEqualTo(read.contentHash());
            if (read.storage() != Storage.POINTER) {
                assertThat(content.original()).isEqualTo(read.arrival().content());
            }
        }
    }

    @Test
    void readsTheSameFileAgainWithoutChangingAnything() throws Exception {
        vectorsAndHostileLetters();
        var file = export(first);
        load(second, file);
        ApiServer.await(second.pool()
                .query("UPDATE letter_state SET status = 'discarded', version = version + 1 WHERE status = 'open'")
                .execute());
        var before = export(second);
        assertThat(load(second, file).getMap()).containsAllEntriesOf(Map.of("stored", 0, "known", 113, "failed", 0));
        assertThat(export(second)).isEqualTo(before);
    }

    @Test
    void tellsWhichLinesAreWrongAndStoresTheOthersWhole() throws Exception {
        vectorsAndHostileLetters();
        var lines = export(first).toString().lines().collect(Collectors.toCollection(ArrayList::new));
        lines.set(1, "{");
        lines.set(2, "[]");
        lines.set(3, new JsonObject(lines.get(3)).put("key", "bm90IGl0cyBrZXk=").encode());
        lines.set(4, new JsonObject(lines.get(4)).put("status", "lost").encode());
        var position = new JsonObject(lines.get(5));
        position.getJsonObject("position").put("offset", "-3");
        lines.set(5, position.encode());
        lines.set(
                6, new JsonObject(lines.get(6)).put("assignee", "x".repeat(201)).encode());
        var piece =
                lines.stream().filter(line -> line.startsWith("{\"piece\":1")).findFirst();
        int cut = lines.indexOf(piece.orElseThrow());
        lines.remove(cut);
        var report = load(second, Buffer.buffer(String.join("\n", lines)));
        assertThat(report.getInteger("stored")).isEqualTo(113 - 7);
        assertThat(report.getInteger("failed")).isEqualTo(7);
        assertThat(report.getBoolean("complete")).isFalse();
        assertThat(report.getJsonArray("errors").stream()
                        .map(error -> ((JsonObject) error).getLong("line"))
                        .sorted())
                .startsWith(2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(report.getJsonArray("errors").encode())
                .contains("no JSON object", "contentHash", "field status", "position.offset", "Postgres refuses");
        assertThat(number(second, "SELECT count(*) FROM dead_letter")).isEqualTo(113 - 7);
        assertThat(number(second, "SELECT sum(letters)::bigint FROM failure_group_counter"))
                .isEqualTo(113 - 7);
    }

    @Test
    void takesNoLetterForOneThatFailsLaterThanNow() throws Exception {
        letter("orders-dlt", 1L, new Content(null, Buffer.buffer("v"), List.of()), Storage.INLINE);
        store();
        // No time that Postgres, or its client, can count in microseconds.
        var file = export(first).toString().replaceFirst("\"failedAt\":\"2026", "\"failedAt\":\"+999999999");
        assertThat(load(second, Buffer.buffer(file)).getInteger("stored")).isEqualTo(1);
        assertThat(number(second, "SELECT count(*) FROM dead_letter WHERE failed_at > now()"))
                .isZero();
    }

    @Test
    void knowsACutFileAndRefusesWhatIsNoExport() throws Exception {
        vectorsAndHostileLetters();
        var lines = export(first).toString().lines().toList();
        var cut = load(second, Buffer.buffer(String.join("\n", lines.subList(0, 20)) + "\n"));
        assertThat(cut.getBoolean("complete")).isFalse();
        assertThat(cut.getInteger("stored")).isEqualTo(19);
        for (var body : Arrays.asList("hello\n", "{}\n", "{\"redriveExport\":{\"version\":2}}\n", "")) {
            var answer = second.send(
                    HttpMethod.POST,
                    "/api/v1/dead-letters/import",
                    Buffer.buffer(body),
                    "Content-Type",
                    "application/x-ndjson");
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
        }
        assertThat(second.post("/api/v1/dead-letters/import", new JsonObject()).statusCode())
                .isEqualTo(415);
        assertThat(second.json("/api/v1/audit?action=letters-imported")
                        .getJsonArray("items")
                        .getJsonObject(0)
                        .getJsonObject("details")
                        .getInteger("stored"))
                .isEqualTo(19);
    }
}
