package dev.redrive.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.replay.LetterRows.Letter;
import io.vertx.core.json.JsonObject;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A job that would overrun the consumers of what it sends. */
class LagGuardTest {

    private static final String GROUP = "orders-svc";

    private ReplayJobDesk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new ReplayJobDesk();
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    private JsonObject order(String topic, int letters, JsonObject options) throws Exception {
        desk.rig.letters.addAll(IntStream.range(0, letters)
                .mapToObj(i -> new Letter(topic).content("k" + i, "n" + i).origin(0, (long) i))
                .toList());
        return desk.order(desk.select("is:open origin:" + topic), options);
    }

    private static boolean waits(JsonObject job) {
        return job.getString("state").equals("running") && job.getJsonObject("waitsFor") != null;
    }

    @Test
    @DisplayName(
            "The lag guard lets nothing more go until the consumers caught up, holds up no other job, and gives up")
    void waitsForTheConsumersOfWhatItSends() throws Exception {
        var topic = desk.rig.topic(1);
        desk.commit(GROUP, topic, 0, 0);
        var job = order(topic, 200, new JsonObject().put("maxLag", 40));
        desk.work().serve();
        var waiting = desk.await(job, "to wait for the consumers", LagGuardTest::waits);
        var waitsFor = waiting.getJsonObject("waitsFor");
        assertThat(waitsFor.getString("group")).isEqualTo(GROUP);
        assertThat(waitsFor.getString("topic")).isEqualTo(topic);
        assertThat(waitsFor.getLong("lag")).isBetween(40L, 80L);
        assertThat(ReplayJobDesk.sent(waiting)).isBetween(1L, 41L);
        var other = order(desk.rig.topic(1), 5, new JsonObject());
        assertThat(ReplayJobDesk.sent(desk.ended(other)))
                .as("another job goes on")
                .isEqualTo(5);
        assertThat(desk.rig.topics().read(topic)).hasSizeLessThanOrEqualTo(41);

        long before = ReplayJobDesk.sent(waiting);
        desk.commit(GROUP, topic, 0, waitsFor.getLong("lag"));
        desk.await(job, "more to go", now -> ReplayJobDesk.sent(now) > before);
        desk.await(job, "to wait again", LagGuardTest::waits);
        desk.rig.execute("UPDATE replay_job SET lag_fell_at = now() - interval '1 hour'");
        var held = desk.paused(job);
        assertThat(held.getString("stateReason"))
                .startsWith(GROUP + " is ")
                .contains("letters behind on " + topic + ", more than 40, and does not come nearer");
        assertThat(held.getJsonObject("waitsFor")).isNull();
        assertThat(ReplayJobDesk.sent(held)).isLessThan(200);

        assertThat(desk.change(job, "*", new JsonObject().put("maxLag", 0)).statusCode())
                .isEqualTo(200);
        desk.tell(job, "resumes");
        assertThat(ReplayJobDesk.sent(desk.ended(job))).isEqualTo(200);
    }

    @Test
    @DisplayName("Where no consumer group has read the target there is no lag to wait for")
    void doesNotWaitForAGroupThatReadsNothing() throws Exception {
        var job = order(desk.rig.topic(1), 60, new JsonObject().put("maxLag", 1));
        desk.work().serve();
        assertThat(ReplayJobDesk.sent(desk.ended(job))).isEqualTo(60);
    }
}
