package dev.redrive.ingest;

import dev.redrive.Backoff;
import dev.redrive.ingest.IngestStore.Written;
import dev.redrive.ingest.PositionStore.Displaced;
import dev.redrive.ingest.PositionStore.Move;
import dev.redrive.letter.Reading;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores batches whatever happens. While Postgres is away the same batch is tried again for ever. A batch that
 * Postgres refuses is halved until the refused letter is alone; that one is stored without what was read from it, and
 * if its bytes are refused too, as a pointer to where it lies in Kafka. One batch at a time, on one event loop.
 */
final class BatchWriter {

    private static final Logger log = LoggerFactory.getLogger(BatchWriter.class);

    /** How much of a record is stored; each form is refused less easily than the one before. */
    private enum Form {
        WHOLE,
        RAW,
        POINTER
    }

    private final Vertx vertx;
    private final IngestStore store;
    private final Intake intake;
    private final IngestMetrics metrics;
    private boolean stopping;

    BatchWriter(Vertx vertx, IngestStore store, Intake intake, IngestMetrics metrics) {
        this.vertx = vertx;
        this.store = store;
        this.intake = intake;
        this.metrics = metrics;
    }

    /** A batch in hand is tried no more; what is not stored is read again by whoever comes next. */
    void stop() {
        stopping = true;
    }

    /**
     * @return the positions that turned out not to be ours any more, which moved nothing. Fails only after {@link #stop}.
     */
    Future<List<Displaced>> write(List<Polled> batch) {
        return write(batch, Form.WHOLE, "");
    }

    /**
     * Moves positions over what holds no letter.
     *
     * @return as {@link #write}; nothing where it did not work, then a later letter moves them
     */
    Future<List<Displaced>> passOver(List<Binding> bindings) {
        var moves = bindings.stream()
                .map(binding -> new Move(binding, 0, binding.stored(), binding.taken(), binding.takenEpoch()))
                .toList();
        return store.write(List.of(), moves)
                .map(written -> {
                    settle(moves, written);
                    return written.displaced();
                })
                .otherwise(failure -> {
                    log.warn("Could not move {} positions, next try later: {}", moves.size(), failure.toString());
                    return List.of();
                });
    }

    private static void settle(List<Move> moves, Written written) {
        for (var move : moves) {
            if (written.displaced().stream().noneMatch(displaced -> displaced.move() == move)) {
                move.binding().storedUpTo(move.letters(), move.next(), move.epoch());
            }
        }
    }

    private Future<List<Displaced>> write(List<Polled> batch, Form form, String reason) {
        var done = Promise.<List<Displaced>>promise();
        attempt(batch, form, reason, new Backoff(), done);
        return done.future();
    }

    /** Tried again with onComplete and not compose: an outage may last for days. */
    private void attempt(List<Polled> batch, Form form, String reason, Backoff backoff, Promise<List<Displaced>> done) {
        var sample = metrics.startBatch();
        vertx.executeBlocking(() -> letters(batch, form, reason), false)
                .compose(letters -> {
                    var moves = moves(batch);
                    return store.write(letters, moves).map(written -> {
                        count(letters, form);
                        return stored(batch, form, moves, written);
                    });
                })
                .onComplete(written -> {
                    metrics.endBatch(sample);
                    if (written.succeeded()) {
                        done.complete(written.result());
                    } else if (stopping) {
                        done.fail(written.cause());
                    } else if (SqlFault.of(written.cause()) == SqlFault.POISON && form != Form.POINTER) {
                        lesser(batch, form, written.cause()).onComplete(done);
                    } else {
                        later(batch, form, reason, backoff, done, written.cause());
                    }
                });
    }

    private List<NewLetter> letters(List<Polled> batch, Form form, String reason) {
        return batch.stream()
                .map(polled -> switch (form) {
                    case WHOLE -> intake.whole(polled);
                    case RAW -> intake.raw(polled, reason);
                    case POINTER -> intake.pointer(polled, reason);
                })
                .toList();
    }

    private static List<Move> moves(List<Polled> batch) {
        var counts = new LinkedHashMap<Binding, Integer>();
        var last = new LinkedHashMap<Binding, Polled>();
        for (var polled : batch) {
            counts.merge(polled.binding(), 1, Integer::sum);
            last.put(polled.binding(), polled);
        }
        var moves = new ArrayList<Move>();
        counts.forEach((binding, letters) -> {
            var polled = last.getOrDefault(binding, batch.get(0));
            long next = binding.positionAfter(letters, polled.record().offset());
            moves.add(new Move(binding, letters, binding.stored(), next, polled.epoch()));
        });
        return moves;
    }

    private void count(List<NewLetter> letters, Form form) {
        long unread = letters.stream()
                .filter(letter -> letter.group().convention().equals(Reading.UNKNOWN))
                .count();
        metrics.undecoded(form == Form.WHOLE ? unread : 0, form == Form.WHOLE ? 0 : letters.size());
    }

    private List<Displaced> stored(List<Polled> batch, Form form, List<Move> moves, Written written) {
        settle(moves, written);
        for (var move : moves) {
            int stored = written.stored().getOrDefault(move.binding().topicRef(), 0);
            metrics.stored(
                    move.binding().partition().topic(), form.name(), Math.min(stored, move.letters()), move.letters());
        }
        if (form != Form.WHOLE) {
            log.error("{} was stored as {} only, because Postgres refused more", place(batch.get(0)), form);
        }
        return written.displaced();
    }

    private Future<List<Displaced>> lesser(List<Polled> batch, Form form, Throwable refusal) {
        if (batch.size() == 1) {
            log.warn("Postgres refuses {} as {}", place(batch.get(0)), form, refusal);
            return write(batch, form == Form.WHOLE ? Form.RAW : Form.POINTER, SqlFault.reason(refusal));
        }
        int half = batch.size() / 2;
        return write(batch.subList(0, half))
                .compose(first -> write(batch.subList(half, batch.size())).map(second -> {
                    var displaced = new ArrayList<>(first);
                    displaced.addAll(second);
                    return displaced;
                }));
    }

    private void later(
            List<Polled> batch,
            Form form,
            String reason,
            Backoff backoff,
            Promise<List<Displaced>> done,
            Throwable cause) {
        long millis = backoff.next().toMillis();
        log.warn("Could not store {} letters, next try in {} ms: {}", batch.size(), millis, cause.toString());
        metrics.failed();
        vertx.setTimer(millis, again -> {
            if (stopping) {
                done.fail(cause);
            } else {
                attempt(batch, form, reason, backoff, done);
            }
        });
    }

    private static String place(Polled polled) {
        var record = polled.record();
        return record.topic() + "-" + record.partition() + " offset " + record.offset() + " (topic id "
                + polled.binding().topicId() + ")";
    }
}
