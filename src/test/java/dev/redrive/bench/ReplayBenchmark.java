package dev.redrive.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.redrive.testkit.Broker;
import dev.redrive.testkit.ChildJvm;
import dev.redrive.testkit.Eventually;
import dev.redrive.testkit.Postgres;
import dev.redrive.testkit.RedriveProcess;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * P-03 and P-04: replays a full topic as one job, and single letters one after the other, through the API of the product
 * as a process with a heap of 256 MiB; beside it Kafka's own producer benchmark, acks=all, as the limit of the
 * machine. Ends with 1 when a letter is missing in the target or there twice.
 */
public final class ReplayBenchmark {

    private static final String TOPIC = "orders-dlt";
    private static final int SINGLE = 300;
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private ReplayBenchmark() {}

    /** @param arguments how many letters, 100,000 when there is none; how many lanes, 4 */
    public static void main(String[] arguments) throws Exception {
        int records = arguments.length == 0 ? 100_000 : Integer.parseInt(arguments[0]);
        var lanes = arguments.length < 2 ? "4" : arguments[1];
        double sent;
        try (var postgres = Postgres.own();
                var broker = Broker.own()) {
            broker.topics().createTopic("orders", SpringDeadLetters.PARTITIONS, Map.of());
            SpringDeadLetters.produce(broker, TOPIC, records);
            try (var redrive = RedriveProcess.on(postgres.database("redrive"), broker.bootstrapServers())
                    .with("REDRIVE_REPLAY_LANES", lanes)
                    .launch()) {
                awaitLetters(redrive, records);
                single(redrive);
                sent = job(redrive, broker, records, lanes);
            }
            double plain = producer(broker, records);
            System.out.printf(
                    Locale.ROOT,
                    "kafka-producer-perf-test: %.0f records/s; a job sends %.0f %% of that, with a receipt for each%n",
                    plain,
                    100 * Math.abs(sent) / plain);
        }
        System.exit(sent > 0 ? 0 : 1);
    }

    private static void awaitLetters(RedriveProcess redrive, long records) {
        Eventually.until(
                PATIENCE,
                records + " letters",
                () -> get(redrive, "/overview").getJsonObject("counts").getLong("letters") >= records);
    }

    /** From the request to the answer that says it is committed; the first ones, which warm up, do not count. */
    private static void single(RedriveProcess redrive) throws Exception {
        var letters =
                get(redrive, "/dead-letters?q=is:open&limit=" + (SINGLE + 50)).getJsonArray("items");
        var millis = new double[SINGLE];
        for (int i = 0; i < letters.size(); i++) {
            var path = "/dead-letters/" + letters.getJsonObject(i).getString("id") + "/replays";
            long begun = System.nanoTime();
            var replay = post(redrive, path, new JsonObject().put("source", "original"));
            if (!replay.getString("state").equals("done")) {
                throw new AssertionError(replay.encode());
            }
            if (i >= letters.size() - SINGLE) {
                millis[i - (letters.size() - SINGLE)] = (System.nanoTime() - begun) / 1e6;
            }
        }
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "P-04 one replay, request to committed: p50 %.1f ms, p99 %.1f ms, of %d (goal p50 < 50, p99 < 250)%n",
                millis[SINGLE / 2],
                millis[SINGLE * 99 / 100],
                SINGLE);
    }

    /** @return letters sent a second; negative where one is missing in the target or there twice */
    private static double job(RedriveProcess redrive, Broker broker, int records, String lanes) throws Exception {
        var selection = post(redrive, "/selections", new JsonObject().put("q", "is:open"));
        long count = selection.getJsonObject("count").getLong("value");
        long ordered = System.nanoTime();
        var job = post(
                redrive,
                "/jobs",
                new JsonObject()
                        .put("type", "replay")
                        .put("selectionId", selection.getString("id"))
                        .put("expectedCount", count)
                        .put("reason", "benchmark")
                        .put(
                                "options",
                                new JsonObject().put("maxReturnRatio", 1).put("maxFailureRatio", 1)));
        var path = "/jobs/" + job.getString("id");
        await(
                redrive,
                path,
                now -> now.getString("stage") != null && !now.getString("stage").equals("gathering"));
        double gathered = seconds(ordered);
        await(redrive, path, now -> now.getString("state").startsWith("succeeded"));
        double all = seconds(ordered);
        System.out.printf(
                Locale.ROOT,
                "P-03 %d letters, %s lanes: gathered %.0f/s, sent %.0f/s, both together %.0f/s (goal 2,000)%n",
                count,
                lanes,
                count / gathered,
                count / (all - gathered),
                count / all);
        var keys = broker.topics().read("orders").stream()
                .map(record -> new String(record.key(), UTF_8))
                .toList();
        long distinct = keys.stream().distinct().count();
        System.out.printf("target: %d records, %d distinct, of %d%n", keys.size(), distinct, records);
        double rate = count / (all - gathered);
        return keys.size() == records && distinct == records ? rate : -rate;
    }

    private interface Condition {
        boolean holds(JsonObject job);
    }

    private static void await(RedriveProcess redrive, String path, Condition condition) {
        Eventually.value(
                PATIENCE, "the job", () -> Optional.of(get(redrive, path)).filter(condition::holds));
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / 1e9;
    }

    /**
     * What Kafka's own kafka-producer-perf-test reaches with as many records of 1 kB, acks=all, and the batches of a lane.
     *
     * @return records a second
     */
    private static double producer(Broker broker, int records) {
        broker.topics().createTopic("plain", SpringDeadLetters.PARTITIONS, Map.of());
        // A partition made just now may refuse a producer's first batch and take the one behind it, after which an
        // idempotent producer with several in flight gets no further until its time is over.
        for (int partition = 0; partition < SpringDeadLetters.PARTITIONS; partition++) {
            broker.topics().produce(new ProducerRecord<>("plain", partition, null, new byte[] {1}));
        }
        var settings = "bootstrap.servers=" + broker.bootstrapServers()
                + " acks=all batch.size=131072 linger.ms=5 enable.metrics.push=false";
        var arguments =
                new ArrayList<String>(List.of("--topic", "plain", "--throughput", "-1", "--record-size", "1024"));
        arguments.addAll(List.of("--num-records", Integer.toString(records), "--producer-props"));
        arguments.addAll(List.of(settings.split(" ")));
        var log = Path.of("target", "testkit", "perf-" + UUID.randomUUID() + ".log");
        try (var perf = ChildJvm.start(new ChildJvm.Program(
                "org.apache.kafka.tools.ProducerPerformance",
                arguments,
                ChildJvm.ownClassPath(),
                List.of("-Xmx256m"),
                Map.of(),
                log))) {
            if (perf.awaitExit(PATIENCE) != 0) {
                throw new AssertionError(perf.output());
            }
            var rates = Pattern.compile(records + " records sent, ([0-9.]+) records/sec")
                    .matcher(perf.output());
            if (!rates.find()) {
                throw new AssertionError(perf.output());
            }
            return Double.parseDouble(rates.group(1));
        }
    }

    private static JsonObject get(RedriveProcess redrive, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(redrive.url() + "/api/v1" + path))
                .timeout(Duration.ofSeconds(30))
                .build();
        return new JsonObject(HTTP.send(request, BodyHandlers.ofString()).body());
    }

    private static JsonObject post(RedriveProcess redrive, String path, JsonObject body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(redrive.url() + "/api/v1" + path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .header("If-Match", "*")
                .header("Prefer", path.startsWith("/dead-letters") ? "wait=10" : "wait=0")
                .POST(BodyPublishers.ofString(body.encode()))
                .build();
        var answer = HTTP.send(request, BodyHandlers.ofString());
        if (answer.statusCode() >= 400) {
            throw new AssertionError(path + " " + answer.body());
        }
        return new JsonObject(answer.body());
    }
}
