package dev.redrive.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.replay.LetterRows.Letter;
import io.vertx.sqlclient.Row;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Statements that take what is due, planned at the worst moment: the statistics are of a time when everything was sent and
 * nothing waited. Minutes later a job holds all its letters, and what reads those that wait, to find among them those that
 * are due, reads all of them for each batch.
 */
class DueRowsTest {

    private static final String SENT = """
            INSERT INTO replay (id, letter_id, source, content_hash, cluster_id, target_topic, target_topic_id,
              partitioning, lane, state, outcome, requested_by)
            SELECT gen_random_uuid(), d.id, 'original', d.content_hash, t.cluster_id, 'orders', gen_random_uuid(), 'key', 0,
              'done', 'sent', 'ana'
            FROM dead_letter d JOIN dead_letter_topic t ON t.id = d.topic_ref""";

    private static ReplayRig rig;

    @BeforeAll
    static void start() {
        rig = ReplayRig.start();
        var topic = rig.topic(1);
        for (int i = 0; i < 350; i++) {
            rig.letters.add(new Letter(topic));
        }
        ReplayRig.await(rig.pool.query(SENT).execute());
        ReplayRig.await(rig.pool.query("ANALYZE").execute());
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    static String[][] due() {
        return new String[][] {
            {SendingStore.CLAIM, "replay_queued"},
            {ReplayJobStore.NEXT, "replay_held"},
            {ReplayJobStore.NEXT_STRICT, "replay_held"}
        };
    }

    /** Held letters of the job, of which there may be a hundred thousand, would be read for each few that are due. */
    @ParameterizedTest
    @MethodSource("due")
    void readsOfThoseThatWaitOnlyWhatIsDue(String statement, String index) {
        assertThat(plan(statement)).contains("using " + index).doesNotContain("replay_is_live_once", "replay_by_job");
    }

    private static String plan(String statement) {
        return ReplayRig.await(rig.pool.withTransaction(connection -> connection
                .query("EXPLAIN (GENERIC_PLAN, COSTS OFF) " + statement)
                .execute()
                .map(rows -> StreamSupport.stream(rows.spliterator(), false)
                        .map((Row row) -> row.getString(0))
                        .collect(Collectors.joining("\n")))));
    }
}
