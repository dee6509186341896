package dev.redrive.letter;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A letter of few words, so that random filters of the same words find some: what it is, in plain Java.
 *
 * @param id the row's, and the order of storing
 * @param leaves what stands where in the value, by path; empty where the value is no JSON
 */
record RandomLetter(
        long id,
        String topic,
        int partition,
        long offset,
        Instant failedAt,
        @Nullable String originTopic,
        @Nullable String originGroup,
        String convention,
        @Nullable String exceptionClass,
        @Nullable String causeClass,
        @Nullable String message,
        @Nullable Integer attempts,
        @Nullable Buffer key,
        @Nullable Buffer value,
        Map<String, String> leaves,
        Storage storage,
        List<Header> headers,
        boolean hasTrace,
        String payload,
        Status status,
        long group,
        int returns,
        @Nullable Long parent,
        @Nullable String assignee,
        List<String> tags,
        int notes,
        boolean draft,
        @Nullable String outcome,
        @Nullable String job) {

    static final Instant BEGIN = Instant.parse("2026-11-20T00:00:00Z");
    static final List<String> TOPICS = List.of("orders-dlt", "orders", "pay.DLT", "a%b_c-dlt");
    static final List<@Nullable String> NAMES =
            Arrays.asList(null, "orders", "orders-svc", "pay", "o%", "_", "\\", "ü");
    static final List<@Nullable String> CLASSES = Arrays.asList(
            null,
            "org.acme.PriceException",
            "org.acme.JsonException",
            "PriceException",
            "java.io.IOException",
            "a_b.C%d");
    static final List<@Nullable String> MESSAGES = Arrays.asList(
            null, "", "Cannot read amount", "50% off", "order A-1 is closed", "under_score \\ back", "org.acme");
    static final List<String> CONVENTIONS = List.of("spring-kafka", "kafka-connect", "unknown");
    static final List<@Nullable String> PEOPLE = Arrays.asList(null, "ana", "ben", "an");
    static final List<String> TAGS = List.of("incident-1", "incident", "x");
    static final List<String> JOBS =
            List.of("00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b");
    static final List<String> TRACES = List.of("4bf92f3577b34da6a3ce929d0e0e4736", "4bf92f3577b34da6ffffffffffffffff");
    static final List<String> KEYS =
            List.of("", "A-1", "A-12", "a-1", "cust", "\u0000", "ü", "k".repeat(64), "k".repeat(70));
    static final List<String> WORDS =
            List.of("A-1", "12.50", "amount", "off", "x", "q\"uote", "back\\slash", "ü", "true", "none", "org");

    /** Values and what stands in them. */
    static final Map<String, Map<String, String>> DOCUMENTS = Map.of(
            "{\"order\":{\"id\":\"A-1\",\"total\":12.50,\"ok\":true,\"none\":null},\"tags\":[\"x\",\"y\",[\"z\"]]}",
            Map.of(
                    "order.id",
                    "A-1",
                    "order.total",
                    "12.50",
                    "order.ok",
                    "true",
                    "tags.0",
                    "x",
                    "tags.1",
                    "y",
                    "tags.2.0",
                    "z"),
            "{\"order\":{\"id\":\"\\u0041-1\",\"total\":12.5},\"na me\":\"q\\\"uote\"}",
            Map.of("order.id", "A-1", "order.total", "12.5", "na me", "q\"uote"),
            "{\"order\":{\"id\":\"A-12\"},\"0\":\"zero\",\"ü\":\"back\\\\slash\",\"empty\":\"\"}",
            Map.of("order.id", "A-12", "0", "zero", "ü", "back\\slash", "empty", ""),
            " [ {\"order\": 1e3}, false, \"A-1\"] ",
            Map.of("0.order", "1e3", "1", "false", "2", "A-1"),
            "{\"order\":\"A-1\",\"bad\":\"\\u0000\"}",
            // Postgres reads no JSON in which \\u0000 is written anywhere.
            Map.of(),
            "\"A-1\"",
            Map.of());

    private static final List<Buffer> OTHER_VALUES = List.of(
            Buffer.buffer(),
            Buffer.buffer("order A-1, 12.50"),
            Buffer.buffer("{\"order\":{\"id\":\"A-1\""),
            Buffer.buffer("<order id='A-1'>ü</order>"),
            Buffer.buffer(new byte[] {'A', '-', '1', (byte) 0xff, (byte) 0xfe}),
            Buffer.buffer(new byte[] {'x', 0, 'A', '-', '1'}),
            Buffer.buffer("[".repeat(20_000)));

    static RandomLetter of(long id, Random random) {
        boolean json = random.nextInt(3) > 0;
        var document = pick(random, List.copyOf(DOCUMENTS.keySet()));
        var value = random.nextInt(12) == 0 ? null : json ? Buffer.buffer(document) : pick(random, OTHER_VALUES);
        var storage = value == null || random.nextInt(10) > 0 ? Storage.INLINE : Storage.CHUNKED;
        boolean read = json && value != null && storage == Storage.INLINE;
        return new RandomLetter(
                id,
                pick(random, TOPICS),
                random.nextInt(3),
                id,
                BEGIN.plus(random.nextInt(100 * 3600), ChronoUnit.SECONDS),
                pick(random, NAMES),
                pick(random, NAMES),
                pick(random, CONVENTIONS),
                pick(random, CLASSES),
                pick(random, CLASSES),
                pick(random, MESSAGES),
                random.nextInt(4) == 0 ? null : random.nextInt(5),
                random.nextInt(5) == 0 ? null : Buffer.buffer(pick(random, KEYS)),
                value,
                read ? DOCUMENTS.getOrDefault(document, Map.of()) : Map.of(),
                storage,
                headers(random),
                random.nextBoolean(),
                pick(random, List.of("present", "absent", "report")),
                pick(random, List.of(Status.values())),
                1 + random.nextInt(4),
                random.nextInt(3) == 0 ? 1 : 0,
                id > 1 && random.nextInt(6) == 0 ? Long.valueOf(1 + random.nextInt((int) id - 1)) : null,
                pick(random, PEOPLE),
                TAGS.stream().filter(tag -> random.nextInt(3) == 0).toList(),
                random.nextInt(4) == 0 ? 1 : 0,
                random.nextInt(6) == 0,
                pick(random, Arrays.asList(null, null, "sent", "recovered", "returned", "failed", "uncertain")),
                pick(random, Arrays.asList(null, null, JOBS.get(0), JOBS.get(1))));
    }

    private static List<Header> headers(Random random) {
        var headers = new ArrayList<Header>();
        for (int i = random.nextInt(5); i > 0; i--) {
            var name = pick(random, List.of("tenant", "Tenant", "", "traceparent", "ü", "h".repeat(200)));
            var value = random.nextInt(5) == 0
                    ? null
                    : Buffer.buffer(
                            name.equals("traceparent")
                                    ? "00-" + pick(random, TRACES) + "-00f067aa0ba902b7-01"
                                    // One that looks like another header in the stored form.
                                    : pick(
                                            random,
                                            List.of("acme", "acme-2", "", "\u0006tenant\u0006acme", "v".repeat(300))));
            headers.add(new Header(name, value));
        }
        return headers;
    }

    static <T> T pick(Random random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
