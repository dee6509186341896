package dev.redrive.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.replay.LetterRows.Letter;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Takes what is due where thousands wait, with statistics of another time. What reads all that waits, to find what is due
 * among it, takes longer for each batch the larger a job is.
 */
class DueRowsTest {

    private static final UUID JOB = UUID.randomUUID();
    private static final int HELD = 6_000;
    private static final int DUE = 500;

    private static final String ADD = """
            INSERT INTO replay (id, job_id, letter_id, source, content_hash, cluster_id, target_topic, target_topic_id,
              partitioning, lane, state, outcome, order_offset, order_key, requested_by)
            SELECT gen_random_uuid(), $1, d.id * 1000000 + no, 'original', d.content_hash, t.cluster_id, 'orders',
              gen_random_uuid(), 'key', 0, $2, $3, no * 7919 % 100003, no, 'ana'
            FROM dead_letter d JOIN dead_letter_topic t ON t.id = d.topic_ref
              CROSS JOIN generate_series($4::integer, $5) AS no""";

    private static final String READ =
            "SELECT idx_tup_fetch AS rows FROM pg_stat_xact_user_tables WHERE relname = 'replay'";

    private ReplayRig rig;

    @BeforeEach
    void start() {
        rig = ReplayRig.start();
        rig.letters.add(new Letter(rig.topic(1)));
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void letsTheFirstLettersGoWithoutReadingAllThatAreHeld(boolean strict) {
        nothingWaitedWhenItWasCounted();
        assertThat(read(connection -> ReplayJobStore.letGo(connection, JOB, DUE, OffsetDateTime.now(), strict)))
                .isBetween((long) DUE, 5L * DUE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void letsTheFirstLettersGoWithoutReadingAllThatAreHeldAlsoWhenFewWereWhenItWasCounted(boolean strict) {
        fewWaitedWhenItWasCounted();
        assertThat(read(connection -> ReplayJobStore.letGo(connection, JOB, DUE, OffsetDateTime.now(), strict)))
                .isBetween((long) DUE, 5L * DUE);
    }

    @Test
    void claimsWhatIsDueWithoutReadingWhatIsHeld() {
        nothingWaitedWhenItWasCounted();
        add(JOB, "queued", null, HELD + 1, HELD + DUE);
        sql("""
                INSERT INTO replay_lane (cluster_id, lane, lease_until) SELECT id, 0, now() + interval '1 h' FROM cluster
                ON CONFLICT (cluster_id, lane) DO UPDATE SET lease_until = excluded.lease_until""");
        assertThat(read(connection -> connection
                        .preparedQuery("SELECT cluster_id, fence FROM replay_lane WHERE lane = 0")
                        .execute()
                        .map(rows -> rows.iterator().next())
                        .compose(lane -> connection
                                .preparedQuery(SendingStore.CLAIM)
                                .execute(Tuple.of(lane.getShort("cluster_id"), 0, lane.getLong("fence"), "strict")))))
                .isBetween((long) DUE, 5L * DUE);
    }

    private void nothingWaitedWhenItWasCounted() {
        add(null, "done", "sent", 1, 350);
        sql("ANALYZE");
        add(JOB, "held", null, 351, HELD);
    }

    private void fewWaitedWhenItWasCounted() {
        add(JOB, "held", null, 10_001, 22_000);
        sql("DELETE FROM replay");
        add(JOB, "held", null, 1, 100);
        sql("ANALYZE");
        add(JOB, "held", null, 101, HELD);
    }

    /** @return rows of {@code replay} that were read by an index */
    private long read(Function<SqlConnection, Future<?>> work) {
        return ReplayRig.await(rig.pool.withTransaction(connection -> work.apply(connection)
                .compose(done -> connection.query(READ).execute())
                .map(rows -> rows.iterator().next().getLong("rows"))));
    }

    private void add(@Nullable UUID job, String state, @Nullable String outcome, int from, int to) {
        ReplayRig.await(rig.pool.preparedQuery(ADD).execute(Tuple.of(job, state, outcome, from, to)));
    }

    private void sql(String statement) {
        ReplayRig.await(rig.pool.query(statement).execute());
    }
}
