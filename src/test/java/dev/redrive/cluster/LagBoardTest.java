package dev.redrive.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.cluster.ClusterVerticle.Pace;
import dev.redrive.cluster.ConsumerLag.Place;
import dev.redrive.cluster.Measured.Offsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Burrow's rules over looks of five seconds, on a clock that the test turns. */
class LagBoardTest {

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration WINDOW = INTERVAL.multipliedBy(LagWindow.SIZE);
    private static final Place PLACE = new Place("orders-svc", "orders", 0);
    private static final long LIMIT = 1_000;

    private Duration interval = INTERVAL;
    private Instant now = Instant.parse("2026-11-23T03:00:00Z");
    private LagBoard board = new LagBoard(INTERVAL);
    private boolean populated = true;
    private boolean fired;

    private ConsumerLag look(long committed, long end) {
        return look(committed, end, Set.of());
    }

    private ConsumerLag look(long committed, long end, Set<String> unanswered) {
        now = now.plus(interval);
        var offsets = unanswered.isEmpty() ? Map.of(PLACE, new Offsets(committed, end)) : Map.<Place, Offsets>of();
        var lags = board.fold(
                new Measured(offsets, Set.of(), populated ? Set.of("orders-svc") : Set.of(), unanswered, 0), now);
        fired |= GroupLag.of(lags).stream()
                .map(group -> ConsumerFigureStore.figure("default", group))
                .anyMatch(figure -> !figure.isOk() && figure.lag() > LIMIT || figure.isStuck(now));
        return lags.get(0);
    }

    private LagState looks(int times, long committed, long end) {
        var state = LagState.OK;
        for (int i = 0; i < times; i++) {
            state = look(committed, end).state();
        }
        return state;
    }

    @Test
    @DisplayName("A-13: the states of a burst of 5,000 that drains in 8 s, whichever look falls into it")
    void aBurstThatDrainsIsNoAlarm() {
        for (long offset = 0; offset < 5_000; offset += 625) {
            board = new LagBoard(INTERVAL);
            looks(20, 100, 100);
            look(100 + offset, 5_100);
            look(Math.min(5_100, 100 + offset + 3_125), 5_100);
            assertThat(looks(20, 5_100, 5_100)).isEqualTo(LagState.OK);
        }
        assertThat(fired).isFalse();
    }

    @Test
    @DisplayName("A-15: a consumer that stopped with a lag of 1 is STOP within two windows, and it is told")
    void aConsumerThatStoppedIsFound() {
        looks(20, 7, 7);
        populated = false;
        var stoppedAt = now;
        while (look(7, 8).state() != LagState.STOP) {
            assertThat(Duration.between(stoppedAt, now)).isLessThan(WINDOW.multipliedBy(2));
        }
        assertThat(fired).isTrue();
    }

    @Test
    @DisplayName(
            "A record that is tried for ever is found within 60 s at the standard pace, also where nobody knew its group")
    void isFoundWithinAMinute() {
        interval = Pace.STANDARD.interval();
        board = new LagBoard(interval);
        look(7, 8);
        var seen = now;
        while (look(7, 8).state() != LagState.STALL) {
            assertThat(Duration.between(seen, now)).isLessThan(Duration.ofMinutes(2));
        }
        // The group may have come just after a search, and is seen by the next one.
        var unseen = interval.multipliedBy(Pace.STANDARD.looksPerSearch());
        assertThat(unseen.plus(Duration.between(seen, now))).isLessThan(Duration.ofSeconds(60));
    }

    @Test
    @DisplayName(
            "A consumer that commits once a minute, as Kafka Connect does, is not stuck between, as soon as that is known")
    void theRhythmOfAConsumerIsLearned() {
        long committed = 0;
        for (int minute = 0; minute < 3; minute++) {
            looks(12, committed += 100, 10_000);
        }
        for (int minute = 0; minute < 5; minute++) {
            committed += 100;
            for (int i = 0; i < 12; i++) {
                assertThat(look(committed, 10_000).state().isStuck()).isFalse();
            }
        }
        assertThat(looks(7, committed, 10_000)).as("90 s").isEqualTo(LagState.OK);
        assertThat(looks(1, committed, 10_000)).isEqualTo(LagState.STALL);
    }

    @Test
    @DisplayName("One that was stuck for long and is freed is found as fast the next time")
    void beingStuckIsNoRhythm() {
        long committed = 0;
        for (int i = 0; i < 5; i++) {
            look(++committed, 10_000);
        }
        looks(200, committed, 10_000);
        look(++committed, 10_000);
        assertThat(looks(11, committed, 10_000)).isEqualTo(LagState.STALL);
    }

    @Test
    void oneThatIsThereAndDoesNotMoveStalls() {
        looks(3, 7, 7);
        assertThat(looks(10, 7, 8)).isEqualTo(LagState.OK);
        assertThat(looks(1, 7, 9)).isEqualTo(LagState.STALL);
        var lag = look(7, 50);
        assertThat(lag.movedAt())
                .as("when nothing was left to read")
                .isEqualTo(lag.measuredAt().minus(Duration.ofSeconds(60)));
        assertThat(look(8, 50).state()).as("it moves").isEqualTo(LagState.OK);
    }

    @Test
    @DisplayName("A group that moves and whose lag never falls is WARN, and fires above the limit alone")
    void oneThatFallsBehindIsWarned() {
        long committed = 0;
        long end = 100;
        for (int i = 0; i < 9; i++) {
            assertThat(look(++committed, end += 2).state()).isEqualTo(LagState.OK);
        }
        assertThat(look(++committed, end += 2).state()).isEqualTo(LagState.WARN);
        assertThat(fired).isFalse();
        look(++committed, end + 1_000);
        assertThat(fired).isTrue();
        assertThat(look(committed + 900, end + 1_000).state()).isEqualTo(LagState.OK);
    }

    /** Looks every 4 s at a consumer that commits every 5 s, as it does by itself. @param percent of what comes that it reads */
    private boolean fires(int minutes, int percent, long behind) {
        interval = Pace.STANDARD.interval();
        board = new LagBoard(interval);
        fired = false;
        for (long second = 4; second < minutes * 60L; second += 4) {
            look(second / 5 * 5 * percent, behind + second * 100);
        }
        return fired;
    }

    @Test
    @DisplayName("A group that slowly falls behind is told of, though its lag falls with every commit")
    void oneThatSlowlyFallsBehindIsWarned() {
        assertThat(fires(9, 90, 1_000)).as("that may be a burst").isFalse();
        assertThat(fires(15, 90, 1_000)).isTrue();
        assertThat(fires(60, 100, 50_000)).as("it keeps pace").isFalse();
        assertThat(fires(60, 101, 50_000)).as("it catches up").isFalse();
    }

    @Test
    void oneThatWentBackRewindsUntilItIsWhereItWas() {
        looks(2, 50, 60);
        assertThat(look(20, 60).state()).isEqualTo(LagState.REWIND);
        assertThat(look(40, 60).state()).isEqualTo(LagState.REWIND);
        assertThat(look(50, 60).state()).isEqualTo(LagState.OK);
    }

    @Test
    @DisplayName("An offset that lies beyond the end of the log, as after a truncation, is no group that gets on")
    void oneThatReadsBeyondTheEndIsSaidToDoSo() {
        looks(3, 100, 100);
        assertThat(look(100, 40).state())
                .as("a broker that was just made leader may not know the end yet")
                .isEqualTo(LagState.OK);
        var beyond = look(100, 40);
        assertThat(beyond.state().word()).isEqualTo("beyond");
        assertThat(beyond.lag()).as("nothing is there to read").isZero();
        assertThat(looks(30, 100, 99).word()).isEqualTo("beyond");
        assertThat(fired).isFalse();
        assertThat(look(100, 100).state()).isEqualTo(LagState.OK);
        assertThat(look(100, 101).state()).isEqualTo(LagState.OK);
    }

    @Test
    @DisplayName("An offset that was committed after the end was asked for is not beyond it")
    void oneThatIsAheadOfAnOldAnswerGetsOn() {
        for (int end = 100; end < 2_000; end += 100) {
            assertThat(look(end + 5, end).state()).isEqualTo(LagState.OK);
        }
    }

    @Test
    @DisplayName("The first offset that a group commits is no way back from where it was taken to have begun")
    void theFirstCommitIsNoRewind() {
        var begun = new Measured(
                Map.of(PLACE, new Offsets(5_000, 5_001)), Set.of(PLACE), Set.of("orders-svc"), Set.of(), 0);
        for (int i = 0; i < 3; i++) {
            now = now.plus(interval);
            board.fold(begun, now);
        }
        assertThat(look(40, 5_002).state()).isEqualTo(LagState.OK);
        assertThat(look(90, 5_002).state()).isEqualTo(LagState.OK);
        assertThat(fired).isFalse();
    }

    @Test
    @DisplayName("Time in which nobody looked is no evidence; what was known comes back after a restart")
    void doesNotCountTheTimeInWhichNobodyLooked() {
        looks(3, 7, 7);
        looks(6, 7, 8);
        now = now.plus(Duration.ofHours(3));
        assertThat(look(7, 8).state()).isEqualTo(LagState.OK);
        looks(8, 7, 8);
        assertThat(look(7, 8).state()).isEqualTo(LagState.STALL);
        var stored = look(7, 8);
        board = new LagBoard(INTERVAL);
        board.recall(List.of(stored));
        var after = look(7, 8);
        assertThat(after.state()).isEqualTo(LagState.STALL);
        assertThat(after.since()).isEqualTo(stored.since());
    }

    @Test
    void keepsWhatIsKnownOfAGroupThatWasNotAnswered() {
        looks(30, 7, 8);
        var before = look(7, 8);
        assertThat(look(0, 0, Set.of("orders-svc"))).isEqualTo(before);
    }

    @Test
    @DisplayName("A lag made of the markers of transactions alone is none, until a record comes")
    void markersAreNoLag() {
        looks(2, 7, 7);
        looks(10, 7, 8);
        var measured = new Measured(Map.of(PLACE, new Offsets(7, 8)), Set.of(), Set.of("orders-svc"), Set.of(), 0);
        assertThat(board.suspects(measured, now.plus(INTERVAL))).containsExactly(PLACE);
        board.found(PLACE, new Offsets(7, 8), LagBoard.Next.NOTHING);
        assertThat(board.suspects(measured, now.plus(INTERVAL))).isEmpty();
        var lag = look(7, 8);
        assertThat(lag.state()).isEqualTo(LagState.OK);
        assertThat(lag.lag()).isZero();
        assertThat(look(7, 9).lag()).isEqualTo(2);
    }

    @Test
    @DisplayName("Who waits for a transaction that is open is behind, and is stuck when no transaction takes so long")
    void aTransactionThatIsOpenIsWaitedFor() {
        looks(2, 7, 7);
        looks(10, 7, 95);
        var measured = new Measured(Map.of(PLACE, new Offsets(7, 95)), Set.of(), Set.of("orders-svc"), Set.of(), 0);
        for (int i = 0; i < 160; i++) {
            assertThat(board.suspects(measured, now.plus(INTERVAL)))
                    .as("it is looked at again")
                    .contains(PLACE);
            board.found(PLACE, new Offsets(7, 95), LagBoard.Next.HELD_BACK);
            var lag = look(7, 95);
            assertThat(lag.lag()).isEqualTo(88);
            assertThat(lag.state().isStuck()).isFalse();
        }
        assertThat(looks(20, 7, 95)).isEqualTo(LagState.STALL);
        board.found(PLACE, new Offsets(7, 95), LagBoard.Next.RECORD);
        assertThat(look(7, 95).state()).isEqualTo(LagState.STALL);
        assertThat(look(95, 95).state()).isEqualTo(LagState.OK);
    }

    @Test
    @DisplayName("Who tries a record for ever is found as soon as the transaction that hid it is over")
    void whatATransactionHidMayBeInTheWay() {
        looks(2, 7, 7);
        looks(10, 7, 95);
        board.found(PLACE, new Offsets(7, 95), LagBoard.Next.HELD_BACK);
        assertThat(look(7, 95).state()).isEqualTo(LagState.OK);
        board.found(PLACE, new Offsets(7, 95), LagBoard.Next.RECORD);
        assertThat(look(7, 95).state()).isEqualTo(LagState.STALL);
    }

    @Test
    @DisplayName("A group that nobody used since it is watched is shown as STOP and told of by its size alone")
    void anAbandonedGroupPagesNobody() {
        populated = false;
        assertThat(looks(30, 7, 8)).isEqualTo(LagState.STOP);
        assertThat(fired).isFalse();
        looks(1, 7, 2_000);
        assertThat(fired).isTrue();
    }
}
