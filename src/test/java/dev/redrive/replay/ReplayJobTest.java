package dev.redrive.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.replay.LetterRows.Letter;
import dev.redrive.testkit.Eventually;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Replays of many letters at once. */
class ReplayJobTest {

    private ReplayJobDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new ReplayJobDesk();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    private List<String> values(String topic) {
        return desk.rig.topics().read(topic).stream().map(ReplayJobTest::value).toList();
    }

    private static String value(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.value(), UTF_8);
    }

    @Test
    void sendsEveryLetterOnceInTheOrderOfItsOriginWhateverTheOrderTheyCameIn() throws Exception {
        var topic = desk.rig.topic(3);
        var letters = new ArrayList<>(IntStream.range(0, 700)
                .mapToObj(i -> ReplayJobDesk.letter(topic, "key-" + i % 7, i, "n" + i))
                .toList());
        Collections.shuffle(letters, new Random(7));
        desk.rig.letters.addAll(letters);
        var ordered = desk.order(desk.select("is:open"), new JsonObject());
        desk.work().serve();
        var ended = desk.ended(ordered);
        assertThat(ended.getString("state")).as(ended.encode()).isEqualTo("succeeded");
        var counters = ended.getJsonObject("counters");
        assertThat(counters.getLong("sent")).isEqualTo(700);
        assertThat(counters.getLong("held") + counters.getLong("queued") + counters.getLong("sending"))
                .isZero();
        assertThat(counters.getLong("gone")).isZero();
        for (int key = 0; key < 7; key++) {
            var name = "key-" + key;
            assertThat(desk.rig.topics().read(topic).stream()
                            .filter(record -> new String(record.key(), UTF_8).equals(name))
                            .map(ReplayJobTest::value))
                    .containsExactlyElementsOf(IntStream.iterate(key, i -> i < 700, i -> i + 7)
                            .mapToObj(i -> "n" + i)
                            .toList());
        }
        assertThat(desk.count("letter_state WHERE status = 'replayed'")).isEqualTo(700);
    }

    @Test
    void leavesOutWhatCannotBeSentAndSaysWhy() throws Exception {
        var topic = desk.rig.topic(1);
        var good = desk.rig.letters.add(new Letter(topic));
        var empty = desk.rig.letters.add(new Letter(topic).withoutPayload());
        var gone = desk.rig.letters.add(new Letter("not-there-" + UUID.randomUUID()));
        var parked = desk.rig.letters.add(new Letter(topic).returned(3));
        var edited = desk.rig.letters.add(new Letter(topic));
        desk.rig.execute(
                "INSERT INTO draft (letter_id, version, headers, content_hash, author, value) "
                        + "SELECT id, 1, headers, content_hash, 'ana', value FROM dead_letter WHERE id = $1",
                edited);
        var wrapped = desk.rig.letters.add(new Letter(topic)
                .content("k", "{\"envelope\":true}")
                .unwrapped(new dev.redrive.letter.Content(
                        io.vertx.core.buffer.Buffer.buffer("inner"),
                        io.vertx.core.buffer.Buffer.buffer("inside"),
                        List.of())));
        var ordered = desk.order(desk.select(List.of(good, empty, gone, parked, edited, wrapped)), new JsonObject());
        desk.work().serve();
        var ended = desk.ended(ordered);
        assertThat(ended.getJsonObject("counters").getLong("sent"))
                .as(ended.encode())
                .isEqualTo(2);
        assertThat(ended.getJsonObject("counters").getLong("skipped")).isEqualTo(4);
        assertThat(desk.items(ordered, "skipped"))
                .extracting(item -> item.getString("letterId") + " " + item.getString("detail"))
                .satisfiesExactly(
                        edit -> assertThat(edit).isEqualTo(edited + " has a draft"),
                        loop -> assertThat(loop).isEqualTo(parked + " came back 3 times and is parked"),
                        none -> assertThat(none)
                                .startsWith(gone + " would go to not-there-")
                                .contains("which is not there"),
                        lost -> assertThat(lost).isEqualTo(empty + " does not hold what failed"));
        assertThat(values(topic)).containsExactlyInAnyOrder("{\"a\":1}", "inside");
        assertThat(desk.items(ordered, "sent")).hasSize(2);
        for (var id : List.of(empty, gone, parked, edited)) {
            assertThat(desk.rig.statusOf(id)).isEqualTo("open");
        }
    }

    @Test
    @DisplayName("L-27: a job that is cancelled midway says what was sent, and its counters add up to the total")
    void cancelledMidwayItsCountersAddUp() throws Exception {
        var topic = desk.rig.topic(1);
        desk.rig.letters.addAll(IntStream.range(0, 300)
                .mapToObj(i -> ReplayJobDesk.letter(topic, "k" + i, i, "n" + i))
                .toList());
        var ordered = desk.order(desk.select("is:open"), new JsonObject().put("rate", 20));
        desk.work().serve();
        desk.await(ordered, "some to be sent", job -> ReplayJobDesk.sent(job) >= 10);
        desk.tell(ordered, "cancellations");
        var counters = desk.await(
                        ordered,
                        "the rest to be let go",
                        job -> ReplayJobDesk.sent(job)
                                        + job.getJsonObject("counters").getLong("cancelled")
                                == 300)
                .getJsonObject("counters");
        assertThat(counters.getLong("sent")).isBetween(10L, 299L);
        assertThat(values(topic)).hasSize(counters.getInteger("sent"));
        assertThat(desk.count("letter_state WHERE status = 'open'")).isEqualTo(counters.getLong("cancelled"));
        var cancelled = desk.job(ordered);
        assertThat(cancelled.getString("state")).isEqualTo("cancelled");
        assertThat(cancelled.getString("stateReason"))
                .isEqualTo(counters.getLong("sent") + " were sent and cannot be recalled");
        assertThat(desk.metrics
                        .get("redrive.replay.outcomes")
                        .tags("topic", topic, "outcome", "cancelled")
                        .counter()
                        .count())
                .isEqualTo(counters.getDouble("cancelled"));
    }

    @Test
    @DisplayName("L-32: in a strict job the later letters of a key wait behind one that was refused; other keys go on")
    void strictLettersWaitBehindOneThatWasRefused() throws Exception {
        var topic = desk.rig.topic(1, Map.of("message.timestamp.before.max.ms", "3600000"));
        var ids = desk.rig.letters.addAll(List.of(
                ReplayJobDesk.letter(topic, "same", 1, "first"),
                ReplayJobDesk.letter(topic, "same", 2, "second"),
                ReplayJobDesk.letter(topic, "same", 3, "third"),
                ReplayJobDesk.letter(topic, "same", 4, "fourth"),
                ReplayJobDesk.letter(topic, "other", 5, "fifth"),
                ReplayJobDesk.letter(topic, "other", 6, "sixth")));
        // Every origin time is of 2023, which the topic refuses; so only the third keeps it.
        desk.rig.execute(
                "INSERT INTO draft (letter_id, version, headers, content_hash, author, key, value, timestamp_policy) "
                        + "SELECT id, 1, headers, content_hash, 'ana', key, value, 'original' FROM dead_letter WHERE id = $1",
                ids.get(2));
        var ordered = desk.order(
                desk.select("is:open"), new JsonObject().put("order", "strict").put("drafts", "send"));
        desk.work().serve();
        var held = desk.paused(ordered);
        assertThat(held.getString("stateReason")).startsWith("1 letters wait behind an earlier one of their key");
        assertThat(values(topic)).containsExactlyInAnyOrder("first", "second", "fifth", "sixth");
        assertThat(held.getJsonObject("counters").getLong("failed")).isEqualTo(1);
        desk.rig.execute("UPDATE letter_state SET status = 'discarded' WHERE letter_id = $1", ids.get(2));
        desk.tell(ordered, "resumes");
        var ended = desk.ended(ordered);
        assertThat(ended.getString("state")).isEqualTo("succeeded-with-failures");
        assertThat(values(topic)).contains("fourth").doesNotContain("third");
    }

    @Test
    @DisplayName(
            "A double click, two operators on the same selection, and a repeated runbook call with the same key send nothing twice")
    void sendsNothingTwice() throws Exception {
        var topic = desk.rig.topic(1);
        desk.rig.letters.addAll(IntStream.range(0, 50)
                .mapToObj(i -> ReplayJobDesk.letter(topic, "k" + i, i, "n" + i))
                .toList());
        var selection = desk.select("is:open");
        var clicks = IntStream.range(0, 2)
                .mapToObj(click -> CompletableFuture.supplyAsync(() -> clicked(selection, "inc-4711")))
                .toList();
        var first = clicks.get(0).join();
        assertThat(clicks.get(1).join()).as("a double click").isEqualTo(first);
        var other = desk.order(selection, new JsonObject());
        desk.work().serve();
        var one = desk.ended(new JsonObject().put("id", first));
        var two = desk.ended(other);
        assertThat(ReplayJobDesk.sent(one) + ReplayJobDesk.sent(two)).isEqualTo(50);
        assertThat(clicked(selection, "inc-4711"))
                .as("the runbook's call again, when all is done")
                .isEqualTo(first);
        assertThat(desk.count("job")).isEqualTo(2);
        assertThat(values(topic)).hasSize(50).doesNotHaveDuplicates();
    }

    /** @return the id of the job; asks again where the first call is not answered yet, as clients are told to */
    private String clicked(JsonObject selection, String key) {
        return Eventually.value(ReplayJobDesk.PATIENCE, "an answer", () -> {
            var answer = desk.order(selection, new JsonObject(), key);
            return Optional.of(answer)
                    .filter(each -> each.statusCode() != 409)
                    .map(each -> each.bodyAsJsonObject().getString("id"));
        });
    }
}
