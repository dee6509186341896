package dev.redrive.replay;

import dev.redrive.replay.ReplayProgress.Stage;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Decides how a job that replays goes on: how many letters may go, whether it has to wait, and when to stop by itself.
 * Pure, so that every turn decides anew from what the database holds, whoever takes it.
 */
final class Pace {

    /** Letters that are let go in one turn, which is one transaction. Four lanes send those of 500 before the next are there. */
    static final int MOST_AT_ONCE = 900;

    /** On their way at most, so that a pause is soon felt and single replays do not wait long behind a job. */
    private static final int MOST_LIVE = 4_000;

    /** What a rate that was not used up may add up to. */
    private static final Duration BURST = Duration.ofSeconds(1);

    /** Outcomes and failures that make a ratio worth something. */
    private static final int ENOUGH = 20;

    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration LATER = Duration.ofMillis(500);

    private Pace() {}

    sealed interface Decision permits LetGo, Wait, Behind, Move, Stop, Done {}

    /** @param letGoAt up to when the rate is used up then */
    record LetGo(int letters, OffsetDateTime letGoAt) implements Decision {}

    record Wait(Duration pause) implements Decision {}

    /** Nothing goes until the consumers of what was sent have caught up. */
    record Behind(LagWatch.Lag lag) implements Decision {}

    /** The next stage begins; decide again. */
    record Move(Stage to) implements Decision {}

    /** @param why a sentence that says what happened and what to do */
    record Stop(String why) implements Decision {}

    record Done() implements Decision {}

    /**
     * @param unanswered replays that were sent and whose outcome may still become known
     * @param lag of the consumers of what is sent; null where nobody knows or nobody cares
     */
    static Decision decide(ReplayOptions options, ReplayProgress at, long unanswered, LagWatch.@Nullable Lag lag) {
        return switch (at.stage()) {
            case GATHERING -> new Move(options.canary() > 0 ? Stage.CANARY : Stage.SENDING);
            case CANARY -> canary(options, at, unanswered, lag);
            case SENDING -> sending(options, at, lag);
            case DRAINING -> draining(at);
        };
    }

    private static Decision canary(
            ReplayOptions options, ReplayProgress at, long unanswered, LagWatch.@Nullable Lag lag) {
        long first = Math.min(options.canary(), at.letGo() + at.held());
        if (at.letGo() < first) {
            return letGo(options, at, first - at.letGo(), lag);
        }
        if (at.live() > 0) {
            return new Wait(SOON);
        }
        long bad = at.returned() + at.failed() + at.uncertain();
        if (bad > 0) {
            return new Stop("Canary: of the first %,d letters %s. Look at them; to resume sends the other %,d"
                    .formatted(first, whatHappened(at), at.held()));
        }
        return unanswered > 0 ? new Wait(LATER) : new Move(Stage.SENDING);
    }

    private static String whatHappened(ReplayProgress at) {
        var words = new StringBuilder();
        say(words, at.returned(), "came back");
        say(words, at.failed(), "could not be sent");
        say(words, at.uncertain(), at.uncertain() == 1 ? "is uncertain" : "are uncertain");
        return words.toString();
    }

    private static void say(StringBuilder words, long letters, String what) {
        if (letters > 0) {
            words.append(words.isEmpty() ? "" : ", ")
                    .append("%,d ".formatted(letters))
                    .append(what);
        }
    }

    private static Decision sending(ReplayOptions options, ReplayProgress at, LagWatch.@Nullable Lag lag) {
        var broken = broken(options, at);
        if (broken != null) {
            return new Stop(broken);
        }
        return at.held() == 0 ? new Move(Stage.DRAINING) : letGo(options, at, at.held(), lag);
    }

    private static Decision draining(ReplayProgress at) {
        if (at.live() > 0) {
            return new Wait(SOON);
        }
        return at.held() > 0 ? new Move(Stage.SENDING) : new Done();
    }

    private static @Nullable String broken(ReplayOptions options, ReplayProgress at) {
        long returned = at.returned() - at.forgivenReturned();
        long known = returned + at.recovered() - at.forgivenRecovered();
        if (known >= ENOUGH && returned > options.maxReturnRatio() * known) {
            return "%,d of the %,d letters whose outcome is known came back. Their cause is not healed; to resume goes on all the same"
                    .formatted(returned, known);
        }
        long failed = at.failed() - at.forgivenFailed();
        if (failed >= ENOUGH && failed > options.maxFailureRatio() * (at.settled() - at.forgivenFailed())) {
            return "%,d letters could not be sent. Look at their errors; to resume goes on all the same"
                    .formatted(failed);
        }
        return null;
    }

    private static Decision letGo(ReplayOptions options, ReplayProgress at, long wanted, LagWatch.@Nullable Lag lag) {
        long room = MOST_LIVE - at.live();
        if (lag != null && options.maxLag() > 0) {
            if (lag.letters() >= options.maxLag()) {
                return behind(options, at, lag);
            }
            // What was sent since it was looked at may all be unread.
            room = Math.min(room, options.maxLag() - lag.letters() - (at.settled() - lag.settled()) - at.live());
        }
        double rate = rate(options, at);
        if (rate > 0) {
            room = Math.min(room, Math.max(1, Math.round(2 * rate)) - at.live());
        }
        if (room <= 0) {
            return new Wait(SOON);
        }
        long letters = Math.min(Math.min(wanted, room), MOST_AT_ONCE);
        if (rate <= 0) {
            return new LetGo((int) letters, at.now());
        }
        var from = at.letGoAt().isBefore(at.now().minus(BURST)) ? at.now().minus(BURST) : at.letGoAt();
        long due = (long) (rate * Duration.between(from, at.now()).toNanos() / 1e9);
        if (due <= 0) {
            long nanos = (long) (1e9 / rate) - Duration.between(from, at.now()).toNanos();
            return new Wait(Duration.ofNanos(Math.max(SOON.toNanos() / 5, Math.min(LATER.toNanos(), nanos))));
        }
        letters = Math.min(letters, due);
        return new LetGo((int) letters, from.plusNanos((long) (letters * 1e9 / rate)));
    }

    /** A consumer that does not come nearer is not waited for without end. */
    private static Decision behind(ReplayOptions options, ReplayProgress at, LagWatch.Lag lag) {
        var waiting = at.waiting();
        if (waiting != null
                && lag.letters() >= waiting.least()
                && waiting.fellAt().plus(lag.patience()).isBefore(at.now())) {
            return new Stop(
                    "%s is %,d letters behind on %s, more than %,d, and does not come nearer. Look whether it runs; to resume waits for it again, and with maxLag 0 for nobody"
                            .formatted(lag.group(), lag.letters(), lag.topic(), options.maxLag()));
        }
        return new Behind(lag);
    }

    /**
     * After a canary the rate begins with as many letters a second as it had, and doubles every second.
     *
     * @return letters a second; 0 for no limit
     */
    private static double rate(ReplayOptions options, ReplayProgress at) {
        double most = options.rate() == null ? 0 : options.rate();
        if (options.canary() == 0 || at.stage() != Stage.SENDING) {
            return most;
        }
        double ramp = options.canary() * Math.pow(2, at.inStage().toMillis() / 1_000.0);
        return ramp > 1e6 ? most : most == 0 ? ramp : Math.min(most, ramp);
    }
}
