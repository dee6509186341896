package dev.redrive.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.replay.Pace.LetGo;
import dev.redrive.replay.ReplayProgress.Stage;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final OffsetDateTime NOW = OffsetDateTime.of(2026, 11, 28, 3, 0, 0, 0, ZoneOffset.UTC);
    private static final ReplayOptions PLAIN = options(new JsonObject());

    private static ReplayOptions options(JsonObject json) {
        return ReplayOptions.of(json);
    }

    /** Counts of a job; the rest is ordinary. */
    private record At(Stage stage, long held, long live, long sent, long recovered, long returned, long failed) {

        ReplayProgress letGoAgo(Duration ago, Duration inStage, long forgivenReturned) {
            return new ReplayProgress(
                    new UUID(0, 1),
                    stage,
                    held,
                    live,
                    0,
                    sent,
                    recovered,
                    returned,
                    failed,
                    0,
                    0,
                    NOW.minus(ago),
                    NOW.minus(inStage),
                    0,
                    forgivenReturned,
                    0,
                    null,
                    new ReplayProgress.Counted(NOW, 0, null),
                    NOW);
        }

        ReplayProgress now() {
            return letGoAgo(Duration.ofSeconds(10), Duration.ofSeconds(10), 0);
        }
    }

    @Test
    void lettersGoInTurnsOf900WhileThereIsRoomOnTheLanes() {
        assertThat(Pace.decide(PLAIN, new At(Stage.SENDING, 10_000, 0, 0, 0, 0, 0).now(), 0, null))
                .isEqualTo(new LetGo(900, NOW));
        assertThat(Pace.decide(PLAIN, new At(Stage.SENDING, 10_000, 3_900, 0, 0, 0, 0).now(), 0, null))
                .isEqualTo(new LetGo(100, NOW));
        assertThat(Pace.decide(PLAIN, new At(Stage.SENDING, 10_000, 4_000, 0, 0, 0, 0).now(), 0, null))
                .isInstanceOf(Pace.Wait.class);
        assertThat(Pace.decide(PLAIN, new At(Stage.SENDING, 3, 0, 0, 0, 0, 0).now(), 0, null))
                .isEqualTo(new LetGo(3, NOW));
    }

    @Test
    void aRateIsKeptOverAnyTimeAndASecondOfItIsSavedUpAtMost() {
        var slow = options(new JsonObject().put("rate", 50));
        var at = new At(Stage.SENDING, 10_000, 0, 0, 0, 0, 0);
        assertThat(Pace.decide(slow, at.letGoAgo(Duration.ofMillis(200), Duration.ZERO, 0), 0, null))
                .isEqualTo(new LetGo(10, NOW));
        assertThat(Pace.decide(slow, at.letGoAgo(Duration.ofMillis(30), Duration.ZERO, 0), 0, null))
                .isEqualTo(new LetGo(1, NOW.minus(Duration.ofMillis(10))));
        assertThat(Pace.decide(slow, at.letGoAgo(Duration.ofMillis(10), Duration.ZERO, 0), 0, null))
                .isEqualTo(new Pace.Wait(Duration.ofMillis(10)));
        assertThat(Pace.decide(slow, at.letGoAgo(Duration.ofHours(1), Duration.ZERO, 0), 0, null))
                .isEqualTo(new LetGo(50, NOW));
    }

    @Test
    void aTargetThatTakesNothingIsNotSentMoreThanTwoSecondsOfItsRate() {
        var slow = options(new JsonObject().put("rate", 50));
        assertThat(Pace.decide(slow, new At(Stage.SENDING, 10_000, 100, 0, 0, 0, 0).now(), 0, null))
                .isInstanceOf(Pace.Wait.class);
    }

    @Test
    void aCanaryGoesFirstAndItsOutcomesAreAwaited() {
        var careful = options(new JsonObject().put("canary", 5));
        assertThat(Pace.decide(careful, new At(Stage.GATHERING, 100, 0, 0, 0, 0, 0).now(), 0, null))
                .isEqualTo(new Pace.Move(Stage.CANARY));
        assertThat(Pace.decide(careful, new At(Stage.CANARY, 100, 0, 0, 0, 0, 0).now(), 0, null))
                .isEqualTo(new LetGo(5, NOW));
        assertThat(Pace.decide(careful, new At(Stage.CANARY, 95, 2, 3, 0, 0, 0).now(), 3, null))
                .isInstanceOf(Pace.Wait.class);
        assertThat(Pace.decide(careful, new At(Stage.CANARY, 95, 0, 5, 0, 0, 0).now(), 5, null))
                .isInstanceOf(Pace.Wait.class);
        assertThat(Pace.decide(careful, new At(Stage.CANARY, 95, 0, 0, 5, 0, 0).now(), 0, null))
                .isEqualTo(new Pace.Move(Stage.SENDING));
        assertThat(Pace.decide(careful, new At(Stage.CANARY, 95, 0, 5, 0, 0, 0).now(), 0, null))
                .as("nobody can tell, and none came back")
                .isEqualTo(new Pace.Move(Stage.SENDING));
        assertThat(Pace.decide(careful, new At(Stage.CANARY, 95, 0, 0, 3, 1, 1).now(), 0, null))
                .isEqualTo(
                        new Pace.Stop(
                                "Canary: of the first 5 letters 1 came back, 1 could not be sent. Look at them; to resume sends the other 95"));
    }

    @Test
    void aCanaryOfMoreThanThereAreIsAllThereAre() {
        var careful = options(new JsonObject().put("canary", 50));
        assertThat(Pace.decide(careful, new At(Stage.CANARY, 3, 0, 0, 0, 0, 0).now(), 0, null))
                .isEqualTo(new LetGo(3, NOW));
        assertThat(Pace.decide(careful, new At(Stage.CANARY, 0, 0, 0, 3, 0, 0).now(), 0, null))
                .isEqualTo(new Pace.Move(Stage.SENDING));
    }

    @Test
    void afterACanaryTheRateDoublesEverySecond() {
        var careful = options(new JsonObject().put("canary", 5));
        var at = new At(Stage.SENDING, 10_000, 0, 0, 5, 0, 0);
        assertThat(Pace.decide(careful, at.letGoAgo(Duration.ofSeconds(1), Duration.ZERO, 0), 0, null))
                .isEqualTo(new LetGo(5, NOW));
        assertThat(Pace.decide(careful, at.letGoAgo(Duration.ofSeconds(1), Duration.ofSeconds(3), 0), 0, null))
                .isEqualTo(new LetGo(40, NOW));
        assertThat(Pace.decide(careful, at.letGoAgo(Duration.ofSeconds(1), Duration.ofSeconds(60), 0), 0, null))
                .isEqualTo(new LetGo(900, NOW));
    }

    @Test
    void itStopsWhereTooManyComeBackOrCannotBeSentAndNotBeforeThatMeansSomething() {
        assertThat(Pace.decide(PLAIN, new At(Stage.SENDING, 100, 0, 0, 10, 9, 0).now(), 0, null))
                .isInstanceOf(LetGo.class);
        assertThat(Pace.decide(PLAIN, new At(Stage.SENDING, 100, 0, 0, 16, 4, 0).now(), 0, null))
                .as("20 % is not above 20 %")
                .isInstanceOf(LetGo.class);
        assertThat(Pace.decide(PLAIN, new At(Stage.SENDING, 100, 0, 0, 15, 5, 0).now(), 0, null))
                .isInstanceOfSatisfying(
                        Pace.Stop.class,
                        stop -> assertThat(stop.why())
                                .startsWith("5 of the 20 letters whose outcome is known came back"));
        assertThat(Pace.decide(PLAIN, new At(Stage.SENDING, 100, 0, 60, 0, 0, 20).now(), 0, null))
                .isInstanceOfSatisfying(
                        Pace.Stop.class, stop -> assertThat(stop.why()).startsWith("20 letters could not be sent"));
    }

    @Test
    void whatSomebodyLookedAtDoesNotStopItAgain() {
        var at = new At(Stage.SENDING, 100, 0, 0, 15, 5, 0);
        assertThat(Pace.decide(PLAIN, at.letGoAgo(Duration.ofSeconds(1), Duration.ofSeconds(1), 5), 0, null))
                .isInstanceOf(LetGo.class);
    }

    @Test
    void consumersThatAreTooFarBehindAreWaitedForAsLongAsTheyComeNearer() {
        var guarded = options(new JsonObject().put("maxLag", 100));
        var at = new At(Stage.SENDING, 500, 10, 40, 0, 0, 0).now();
        assertThat(Pace.decide(guarded, at, 0, lag(30, 25)))
                .as("30 behind, 15 sent since, 10 on their way")
                .isEqualTo(new LetGo(45, NOW));
        assertThat(Pace.decide(guarded, at, 0, lag(80, 25))).isInstanceOf(Pace.Wait.class);
        assertThat(Pace.decide(guarded, at, 0, lag(100, 40))).isInstanceOf(Pace.Behind.class);
        assertThat(Pace.decide(guarded, waiting(at, 100, Duration.ofSeconds(31)), 0, lag(99, 40)))
                .isInstanceOf(Pace.Wait.class);
        assertThat(Pace.decide(guarded, waiting(at, 110, Duration.ofSeconds(31)), 0, lag(109, 40)))
                .isInstanceOf(Pace.Behind.class);
        assertThat(Pace.decide(guarded, waiting(at, 110, Duration.ofSeconds(29)), 0, lag(110, 40)))
                .isInstanceOf(Pace.Behind.class);
        assertThat(Pace.decide(guarded, waiting(at, 110, Duration.ofSeconds(31)), 0, lag(1_110, 40)))
                .isInstanceOfSatisfying(
                        Pace.Stop.class,
                        stop -> assertThat(stop.why())
                                .startsWith("till is 1,110 letters behind on orders, more than 100"));
        assertThat(Pace.decide(options(new JsonObject().putNull("maxLag")), at, 0, lag(5_000, 40)))
                .as("null for never")
                .isInstanceOf(LetGo.class);
    }

    private static LagWatch.Lag lag(long letters, long settled) {
        return new LagWatch.Lag("till", "orders", letters, settled, Duration.ofSeconds(30));
    }

    private static ReplayProgress waiting(ReplayProgress at, long least, Duration since) {
        return new ReplayProgress(
                at.jobId(),
                at.stage(),
                at.held(),
                at.queued(),
                at.sending(),
                at.sent(),
                at.recovered(),
                at.returned(),
                at.failed(),
                at.uncertain(),
                at.cancelled(),
                at.letGoAt(),
                at.stageSince(),
                0,
                0,
                0,
                new ReplayProgress.Waiting("till", "orders", least, least, NOW.minus(since)),
                new ReplayProgress.Counted(NOW, 0, null),
                NOW);
    }

    @Test
    void itEndsWhenNothingIsHeldOrOnItsWay() {
        assertThat(Pace.decide(PLAIN, new At(Stage.SENDING, 0, 5, 95, 0, 0, 0).now(), 0, null))
                .isEqualTo(new Pace.Move(Stage.DRAINING));
        assertThat(Pace.decide(PLAIN, new At(Stage.DRAINING, 0, 5, 95, 0, 0, 0).now(), 0, null))
                .isInstanceOf(Pace.Wait.class);
        assertThat(Pace.decide(PLAIN, new At(Stage.DRAINING, 0, 0, 100, 0, 0, 0).now(), 0, null))
                .isEqualTo(new Pace.Done());
    }

    @Test
    void howLongItTakesIsSaidByHowFastItGoesOfLateWhateverWasBefore() {
        var at = new At(Stage.SENDING, 100, 0, 300, 0, 0, 0).letGoAgo(Duration.ZERO, Duration.ofHours(1), 0);
        assertThat(paced(at, new ReplayProgress.Counted(NOW.minusSeconds(2), 100, null)))
                .containsExactly(100.0, 1.0);
        assertThat(paced(at, new ReplayProgress.Counted(NOW.minusSeconds(2), 100, 50.0)))
                .containsExactly(50.0, 2.0);
        assertThat(paced(at, new ReplayProgress.Counted(NOW.minusSeconds(2), 300, 0.0)))
                .containsExactly(null, null);
    }

    private static List<Double> paced(ReplayProgress at, ReplayProgress.Counted pace) {
        var json = new ReplayProgress(
                        at.jobId(),
                        at.stage(),
                        at.held(),
                        at.queued(),
                        at.sending(),
                        at.sent(),
                        at.recovered(),
                        at.returned(),
                        at.failed(),
                        at.uncertain(),
                        at.cancelled(),
                        at.letGoAt(),
                        at.stageSince(),
                        0,
                        0,
                        0,
                        null,
                        pace,
                        NOW)
                .toJson();
        return Arrays.asList(json.getDouble("rate"), json.getDouble("etaSeconds"));
    }
}
