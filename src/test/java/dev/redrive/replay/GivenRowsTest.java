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
 * Statements that are given their rows by id, planned at the worst moment: there are no replays yet, so that all of them
 * are read in no time, and the statistics are of a time when no letter was being replayed, so that an index by status
 * looks like a shorter way than the ids. Minutes later both hold every letter of a job, and each batch would read all of
 * them.
 */
class GivenRowsTest {

    private static ReplayRig rig;

    @BeforeAll
    static void start() {
        rig = ReplayRig.start();
        var topic = rig.topic(1);
        for (int i = 0; i < 200; i++) {
            rig.letters.add(new Letter(topic));
        }
        ReplayRig.await(rig.pool.query("ANALYZE").execute());
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    static String[] statements() {
        return new String[] {
            SendingStore.CLAIM,
            SendingStore.PLACE,
            SendingStore.SETTLE,
            SendingStore.FAIL,
            SendingStore.LATER,
            SendingStore.LATER_WITH,
            RecoveryStore.PROVEN,
            ReplayJobStore.CANCEL,
            ExclusionStore.LEAVE_OUT,
            ReturnStore.PARENTS,
            OutcomeStore.RECOVERED,
            GatherStore.BEGIN
        };
    }

    @ParameterizedTest
    @MethodSource("statements")
    void findsItsRowsByTheirIds(String statement) {
        assertThat(plan(statement))
                .containsPattern("using (letter_state|replay)_pkey")
                .doesNotContain("letter_state_by_", "replay_sending", "Seq Scan on replay", "Seq Scan on letter_state");
    }

    static String[] batches() {
        return new String[] {SendingStore.PLACE, SendingStore.SETTLE};
    }

    /** Each row of a batch compared with each of its values would be the square of the batch. */
    @ParameterizedTest
    @MethodSource("batches")
    void givesEachRowItsValuesWithoutLookingThroughThoseOfTheOthers(String statement) {
        assertThat(plan(statement)).doesNotContain("Function Scan");
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
