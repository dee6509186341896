package dev.redrive.transfer;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.ingest.LetterImports;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One import on its way. Lines are read a batch at a time, and the request waits while a batch is stored. A batch is one
 * transaction; where Postgres refuses it, each of its letters is one. One event loop, the reading on worker threads.
 */
final class LetterImport {

    private static final int MOST_LINES = 200;
    private static final int MOST_BYTES = 4 << 20;

    private final Vertx vertx;
    private final Pool pool;
    private final ImportStore store = new ImportStore();
    private final ImportFile file;
    private final int longestLine;
    private final Promise<JsonObject> done = Promise.promise();
    private List<Buffer> lines = new ArrayList<>();
    private int bytes;
    private Buffer line = Buffer.buffer();
    private long stored;
    private long known;
    private Future<Void> running = Future.succeededFuture();

    LetterImport(Vertx vertx, Pool pool, long mostValueBytes) {
        this.vertx = vertx;
        this.pool = pool;
        this.file = new ImportFile(mostValueBytes);
        this.longestLine = NdjsonLines.longestLine(mostValueBytes);
    }

    /** @return what was stored and what was not; fails where the file is no export, or the database does not answer */
    Future<JsonObject> read(HttpServerRequest request) {
        request.exceptionHandler(done::tryFail);
        request.handler(chunk -> {
            split(chunk);
            if (lines.size() >= MOST_LINES || bytes >= MOST_BYTES) {
                request.pause();
                flush().onSuccess(next -> request.resume());
            }
        });
        request.endHandler(end -> {
            if (line.length() > 0) {
                add(line);
            }
            flush().onSuccess(last -> end());
        });
        request.resume();
        return done.future();
    }

    /** Not by a RecordParser, which drops what it has read when the request ends while it is paused. */
    private void split(Buffer chunk) {
        int from = 0;
        for (int at = 0; at < chunk.length(); at++) {
            if (chunk.getByte(at) == '\n') {
                add(line.appendBuffer(chunk, from, at - from));
                line = Buffer.buffer();
                from = at + 1;
            }
        }
        line.appendBuffer(chunk, from, chunk.length() - from);
        if (line.length() > longestLine) {
            done.tryFail(new RefusedException(
                    ProblemCode.PAYLOAD_TOO_LARGE, "A line may have " + longestLine + " bytes at most"));
        }
    }

    private void add(Buffer whole) {
        lines.add(whole);
        bytes += whole.length();
    }

    private void end() {
        if (file.isEmpty()) {
            done.tryFail(new RefusedException(ProblemCode.VALIDATION_FAILED, "The body is empty"));
        } else {
            done.tryComplete(report());
        }
    }

    private Future<Void> flush() {
        var batch = lines;
        lines = new ArrayList<>();
        bytes = 0;
        running = running.compose(before -> vertx.executeBlocking(() -> {
                    batch.forEach(file::line);
                    return file.takeLetters();
                }))
                .compose(letters -> letters.isEmpty() ? Future.succeededFuture() : store(letters))
                .onFailure(failure -> done.tryFail(
                        failure instanceof LineException noExport
                                ? new RefusedException(
                                        ProblemCode.VALIDATION_FAILED, String.valueOf(noExport.getMessage()))
                                : failure));
        return running;
    }

    private Future<Void> store(List<ImportedLetter> letters) {
        return attempt(letters)
                .recover(failure ->
                        // A deadlock with ingest, which stores the same letters.
                        sqlState(failure).startsWith("40") ? attempt(letters) : Future.failedFuture(failure))
                .recover(refusal -> {
                    if (!isRefusal(refusal)) {
                        return Future.failedFuture(refusal);
                    }
                    if (letters.size() == 1) {
                        file.refuse(letters.get(0).line(), "Postgres refuses it: " + sqlState(refusal));
                        return Future.succeededFuture();
                    }
                    Future<Void> each = Future.succeededFuture();
                    for (var letter : letters) {
                        each = each.compose(before -> store(List.of(letter)));
                    }
                    return each;
                });
    }

    private Future<Void> attempt(List<ImportedLetter> letters) {
        var once = once(letters);
        return pool.withTransaction(connection -> store.topics(connection, once)
                        .compose(refs -> vertx.executeBlocking(() -> ready(once, refs))
                                .compose(ready -> store.store(connection, once, ready, refs))))
                .map(fresh -> {
                    stored += fresh;
                    known += letters.size() - fresh;
                    return (@Nullable Void) null;
                })
                .mapEmpty();
    }

    /** A file may hold a letter twice; its state and its notes are those of the first. */
    private static List<ImportedLetter> once(List<ImportedLetter> letters) {
        var once = new LinkedHashMap<String, ImportedLetter>();
        letters.forEach(letter -> once.putIfAbsent(ImportStore.place(letter), letter));
        return List.copyOf(once.values());
    }

    static List<LetterImports.Ready> ready(List<ImportedLetter> letters, Map<String, Integer> refs) {
        return letters.stream()
                .map(letter -> LetterImports.ready(
                        letter.read(), refs.getOrDefault(ImportStore.key(letter), 0), Instant.now()))
                .toList();
    }

    /** Data exceptions, broken constraints, and limits of the server, as ingest has it. */
    private static boolean isRefusal(Throwable failure) {
        var state = sqlState(failure);
        return failure instanceof LineException
                || state.startsWith("22")
                || state.startsWith("23")
                || state.startsWith("54");
    }

    private static String sqlState(Throwable failure) {
        return failure instanceof PgException postgres ? String.valueOf(postgres.getSqlState()) : "";
    }

    JsonObject report() {
        return new JsonObject().put("stored", stored).put("known", known).mergeIn(file.report());
    }
}
