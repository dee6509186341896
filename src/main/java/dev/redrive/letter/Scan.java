package dev.redrive.letter;

import dev.redrive.letter.LetterSearch.Searched;
import dev.redrive.letter.LetterWalkStore.Use;
import dev.redrive.letter.LetterWalkStore.Window;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Looks through the letters of a plan window by window until there is enough, the letters end, or it has cost too
 * much; and says which. For one answer, on one event loop.
 */
final class Scan {

    static final int MOST_LETTERS = 100_000;
    private static final int FEWEST = 16;
    private static final String QUERY_CANCELED = "57014";

    private final SqlClient client;
    private final LetterPlan plan;
    private final Duration most;
    private final long began = System.nanoTime();
    private long below;
    private int largest = LetterWalkStore.MOST_LOOKED_AT;
    private int looked;
    private int fit;
    private int unread;
    private boolean end;
    private boolean tooSlow;

    /** @param most to spend; checked between statements, of which each has the timeout of its connection */
    Scan(SqlClient client, LetterPlan plan, long below, Duration most) {
        this.client = client;
        this.plan = plan;
        this.below = below;
        this.most = most;
    }

    /**
     * @param first so many letters in the first window
     * @param missing how many letters that fit are wanted yet; asked after each window
     * @return when it has stopped
     */
    Future<Void> run(int first, Use use, Consumer<Window> take, IntSupplier missing) {
        int size = Math.max(FEWEST, Math.min(first, largest));
        var looking = looked == 0 ? plan.glance() : plan;
        return LetterWalkStore.window(client, looking, below, size, use)
                .compose(window -> {
                    looked += window.looked();
                    fit += window.rows().size();
                    unread += window.unread();
                    below = window.lowest();
                    end = window.end();
                    take.accept(window);
                    int wanted = missing.getAsInt();
                    return wanted <= 0 || isOver()
                            ? Future.succeededFuture()
                            : run(next(size, wanted), use, take, missing);
                })
                .recover(failure -> slow(failure) ? smaller(size, use, take, missing) : Future.failedFuture(failure));
    }

    /** As many as it takes when the rest is like what was seen, and half as many again. */
    private int next(int size, int wanted) {
        return fit == 0 ? size * 4 : (int) Math.min(MOST_LETTERS, 1.5 * wanted * looked / fit);
    }

    private Future<Void> smaller(int size, Use use, Consumer<Window> take, IntSupplier missing) {
        tooSlow = size <= FEWEST || spent();
        largest = size / 2;
        return tooSlow ? Future.succeededFuture() : run(size / 8, use, take, missing);
    }

    private static boolean slow(Throwable failure) {
        return failure instanceof PgException refused && QUERY_CANCELED.equals(refused.getSqlState());
    }

    private boolean isOver() {
        return end || looked >= MOST_LETTERS || spent();
    }

    private boolean spent() {
        return System.nanoTime() - began > most.toNanos();
    }

    /** Whether all letters were looked at. */
    boolean isComplete() {
        return end;
    }

    /** Whether what was found is all there is: no letter is left of which it is not known whether it fits. */
    boolean isExact() {
        return end && unread == 0;
    }

    /** The letters below this id have not been looked at. */
    long below() {
        return below;
    }

    Searched searched() {
        var all = plan.letters();
        return new Searched(looked, all == null || all < looked ? null : all);
    }

    /** @param going whether the caller can go on from where this stopped */
    List<String> partial(boolean going) {
        var partial = new ArrayList<String>();
        if (!end) {
            var all = searched().of();
            var of = all == null ? "" : String.format(Locale.ROOT, " of %,d", all);
            partial.add(String.format(Locale.ROOT, "searched %,d%s letters", looked, of)
                    + (tooSlow ? ", then one took too long" : "")
                    + (going ? "; the cursor goes on from there" : ""));
        }
        partial.addAll(unread());
        return partial;
    }

    /** @return what was looked at and yet not searched */
    List<String> unread() {
        var partial = new ArrayList<String>();
        if (unread > 0) {
            partial.add(String.format(Locale.ROOT, "%,d values over 256 KiB were not searched", unread));
        }
        return partial;
    }
}
