package dev.redrive.transfer;

import dev.redrive.Sha256;
import dev.redrive.letter.LetterWalk.Slice;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlClient;
import java.nio.channels.ClosedChannelException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One export on its way. First the ids are found, then the letters are read and written, oldest first, so that an
 * import gives them ids in the same order. What comes next is read only when the client has taken what came before,
 * each read is a short statement, and no transaction is held open. One event loop.
 */
final class LetterExport {

    private static final Logger log = LoggerFactory.getLogger(LetterExport.class);

    /** Ids found in one step, and letters read in one: a letter without pieces has a few hundred KiB at most. */
    private static final int IDS = 5_000;

    private static final int LETTERS = 32;

    private final ExportStore store;
    private final Pool reading;
    private final ExportLines lines;
    private final HttpServerResponse response;
    private final IdList ids = new IdList();
    private final MessageDigest digest = Sha256.begin();
    private final Promise<Void> sent = Promise.promise();
    private long letters;

    LetterExport(Pool reading, ExportLines lines, HttpServerResponse response) {
        this.store = new ExportStore(reading);
        this.reading = reading;
        this.lines = lines;
        this.response = response;
    }

    /** Walks what is to be exported, from the highest id down. */
    @FunctionalInterface
    interface Walk {

        Future<Slice> next(SqlClient client, long below, int limit);
    }

    /** @return how many letters there are; nothing is sent yet, so that a filter that is refused is a problem */
    Future<Integer> find(Walk walk) {
        var found = Promise.<Integer>promise();
        find(walk, Long.MAX_VALUE, found);
        return found.future();
    }

    private void find(Walk walk, long below, Promise<Integer> found) {
        // Inside compose, because a closed pool throws instead of failing.
        Future.succeededFuture()
                .compose(ready -> walk.next(reading, below, IDS))
                .map(slice -> {
                    slice.ids().forEach(ids::add);
                    return slice;
                })
                .onFailure(found::fail)
                .onSuccess(slice -> {
                    if (slice.end() || response.closed()) {
                        found.complete(ids.size());
                    } else {
                        find(walk, slice.nextBelow(), found);
                    }
                });
    }

    /** Done when everything was handed over, or nothing more can be: the client went away, or a letter cannot be written. */
    Future<Void> send(String q) {
        after(() -> write(lines.head(q)), taken -> next());
        return sent.future();
    }

    /** Whatever a step fails with or throws breaks the export off, so that it always ends. */
    private <T> void after(Supplier<Future<T>> step, Consumer<T> next) {
        Future.succeededFuture()
                .compose(ready -> step.get())
                .onFailure(this::breakOff)
                .onSuccess(done -> {
                    try {
                        next.accept(done);
                    } catch (RuntimeException thrown) {
                        breakOff(thrown);
                    }
                });
    }

    private void next() {
        if (ids.size() == 0) {
            response.end(lines.trailer(letters, HexFormat.of().formatHex(digest.digest())))
                    .onComplete(done -> sent.tryComplete());
            return;
        }
        after(() -> store.letters(ids.takeLast(LETTERS)), some -> next(some.iterator(), Buffer.buffer()));
    }

    /** @param unsent of the letters before */
    private void next(Iterator<ExportedLetter> some, Buffer unsent) {
        while (some.hasNext()) {
            var letter = some.next();
            letters++;
            unsent.appendBuffer(lines.begin(letter));
            if (lines.takesPieces(letter)) {
                after(() -> write(unsent), taken -> pieces(letter, 0, some));
                return;
            }
            unsent.appendBuffer(lines.end(letter));
        }
        after(() -> write(unsent), taken -> next());
    }

    private void pieces(ExportedLetter letter, int no, Iterator<ExportedLetter> rest) {
        if (no == letter.pieces()) {
            next(rest, lines.end(letter));
            return;
        }
        after(
                () -> store.piece(letter.id(), no).compose(piece -> {
                    if (piece.length() == 0) {
                        throw new IllegalStateException("Letter " + letter.id() + " was purged meanwhile");
                    }
                    return write(lines.piece(no, piece));
                }),
                taken -> pieces(letter, no + 1, rest));
    }

    /** @return done when the client has taken it, which is what slows us down to its pace */
    private Future<Void> write(Buffer bytes) {
        digest.update(bytes.getBytes());
        return bytes.length() == 0 ? Future.succeededFuture() : response.write(bytes);
    }

    private void breakOff(Throwable failure) {
        // A client that goes away is nothing to worry about.
        if (!response.closed() && !(failure instanceof ClosedChannelException)) {
            log.warn("An export ended after {} letters", letters, failure);
            // The head is sent, so a reset is the only way to say at once that something is missing.
            response.reset();
        }
        sent.tryComplete();
    }

    /** Ids that come highest first and are taken lowest first; eight bytes each. */
    static final class IdList {

        private long[] values = new long[1_024];
        private int size;

        void add(long id) {
            if (size == ExportRoutes.MOST_LETTERS) {
                throw ExportRoutes.tooMany();
            }
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
            }
            values[size++] = id;
        }

        int size() {
            return size;
        }

        List<Long> takeLast(int count) {
            int from = Math.max(0, size - count);
            var taken = Arrays.stream(values, from, size).boxed().toList();
            size = from;
            return taken;
        }
    }
}
