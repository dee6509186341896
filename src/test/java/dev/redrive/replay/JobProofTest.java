package dev.redrive.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.replay.LetterRows.Letter;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JobProofTest {

    private static final JsonObject STRICT = new JsonObject().put("proof", "strict");

    @Test
    void aJobThatAsksForStrictProofHoldsWhereALaneGivesLessAndGoesOnWhenItGivesIt() throws Exception {
        try (var desk = new ReplayJobDesk()) {
            var topic = desk.rig.topic(1);
            desk.rig.letters.add(new Letter(topic).content("key", "v"));
            desk.rig.execute("""
                    INSERT INTO replay_lane (cluster_id, lane, lease_until, mode)
                    SELECT id, lane, now(), 'fallback' FROM cluster, generate_series(0, 1) AS lane""");
            var ordered = desk.order(desk.select("is:open"), STRICT);
            desk.work();
            var held = desk.paused(ordered);
            assertThat(held.encode()).contains("asks for strict proof").contains("gives only fallback");
            assertThat(desk.rig.topics().read(topic)).isEmpty();

            desk.serve();
            desk.rig.execute("UPDATE replay_lane SET mode = 'strict'");
            desk.tell(ordered, "resumes");
            var ended = desk.ended(ordered);
            assertThat(ended.getString("state")).isEqualTo("succeeded");
            assertThat(ended.getJsonObject("options").getString("proof")).isEqualTo("strict");
            assertThat(desk.rig.topics().read(topic)).hasSize(1);
        }
    }

    @Test
    void anotherWordForProofIsRefused() throws Exception {
        try (var desk = new ReplayJobDesk()) {
            desk.rig.letters.add(new Letter(desk.rig.topic(1)).content("key", "v"));
            var answer = desk.order(
                    desk.select("is:open"),
                    new JsonObject().put("proof", "surely"),
                    UUID.randomUUID().toString());
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.bodyAsString()).contains("Say any or strict");
        }
    }
}
