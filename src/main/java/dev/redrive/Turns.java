package dev.redrive;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The loop of a verticle: a turn, a rest, the next turn, and never two at once, until it is stopped. All of it is on the
 * event loop it began on, wherever a turn ends; every method is to be called there.
 */
public final class Turns {

    private final Vertx vertx;
    private final Context context;
    private final Supplier<Future<Duration>> turn;
    private final Function<Throwable, Duration> failed;
    private final Promise<Void> stopped = Promise.promise();
    private Promise<Void> rest = Promise.promise();
    private boolean stopping;

    private Turns(Vertx vertx, Supplier<Future<Duration>> turn, Function<Throwable, Duration> failed) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.turn = turn;
        this.failed = failed;
    }

    /**
     * Begins on the event loop of the caller, after the caller has returned.
     *
     * @param turn answers how long to rest after it, to the millisecond; zero for not at all. It may fail or throw, and
     *     it has timeouts of its own: the next turn waits for it
     * @param failed told why a turn failed; answers how long to rest then. Not asked once the loop is to stop
     */
    public static Turns begin(Vertx vertx, Supplier<Future<Duration>> turn, Function<Throwable, Duration> failed) {
        var turns = new Turns(vertx, turn, failed);
        turns.context.runOnContext(begun -> turns.next());
        return turns;
    }

    /** There is something to do: ends the rest, or lets the turn in hand have none. */
    public void wake() {
        rest.tryComplete();
    }

    /** Whether a long turn had better end. */
    public boolean stopping() {
        return stopping;
    }

    /**
     * Lets the turn in hand end, and no other begin.
     *
     * @return fails with a {@link TimeoutException} where that turn takes longer than {@code most}
     */
    public Future<Void> stop(Duration most) {
        stopping = true;
        wake();
        long timer = vertx.setTimer(
                most.toMillis(),
                late -> stopped.tryFail(new TimeoutException("The turn in hand takes longer than " + most)));
        return stopped.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    private void next() {
        if (stopping) {
            stopped.tryComplete();
            return;
        }
        rest = Promise.promise();
        // Inside compose, because a closed pool throws instead of failing. Chained with onComplete and not compose,
        // because an endless chain of composed futures is a leak. Back on the event loop, because the timeout of a
        // future that knows no event loop completes it on a thread of its own.
        Future.succeededFuture()
                .compose(ready -> turn.get())
                .onComplete(done -> context.runOnContext(back -> rest(done)));
    }

    private void rest(AsyncResult<Duration> done) {
        if (stopping) {
            next();
            return;
        }
        var pause = done.succeeded() ? done.result() : failed.apply(done.cause());
        if (pause.isZero()) {
            next();
            return;
        }
        long timer = vertx.setTimer(Math.max(1, pause.toMillis()), late -> rest.tryComplete());
        rest.future().onComplete(rested -> {
            vertx.cancelTimer(timer);
            next();
        });
    }
}
