package dev.redrive.transfer;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.http.Call;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Routes;
import dev.redrive.job.SelectedLetters;
import dev.redrive.letter.LetterQueries;
import dev.redrive.letter.LetterWalk;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/** Letters as a file. Who takes bytes out of Redrive is in the audit before the first of them leaves. */
public final class ExportRoutes implements Routes {

    /** Eight bytes each are held while an export runs. */
    static final int MOST_LETTERS = 4_000_000;

    /** In this process; each holds at most a few MiB besides its ids. */
    private static final int MOST_AT_ONCE = 4;

    /** draft-ietf-httpapi-ratelimit-headers-11: so many at once, whenever they begin. */
    private static final String LIMIT = "\"exports\";q=" + MOST_AT_ONCE + ";qu=\"concurrent-requests\"";

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Semaphore running = new Semaphore(MOST_AT_ONCE);
    private final Pool pool;
    private final Pool reading;
    private final AuditStore audit;
    private final LetterQueries queries;
    private final Clock clock;

    /** @param reading with a short statement timeout */
    public ExportRoutes(Pool pool, Pool reading, AuditStore audit, Clock clock) {
        this.pool = pool;
        this.reading = reading;
        this.audit = audit;
        this.queries = new LetterQueries(clock);
        this.clock = clock;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("exportDeadLetters").addHandler(Call.streaming(this::export));
    }

    private Future<Void> export(Call call) {
        var format = ExportFormat.asked(call);
        var lines = format.lines(call);
        if (call.query("q") != null && call.query("selectionId") != null) {
            throw RefusedException.invalidParameter("q", "Say either q or selectionId");
        }
        boolean admitted = running.tryAcquire();
        call.response()
                .putHeader("RateLimit-Policy", LIMIT)
                .putHeader("RateLimit", "\"exports\";r=" + running.availablePermits());
        if (!admitted) {
            throw new RefusedException(ProblemCode.RATE_LIMITED, "There are " + MOST_AT_ONCE + " exports running");
        }
        return Future.succeededFuture()
                .compose(begun -> asked(call))
                .compose(asked -> export(call, format, lines, asked))
                .onComplete(done -> running.release());
    }

    /** @param q as it was written, for the file and the audit */
    private record Asked(String q, LetterExport.Walk walk) {}

    private Future<Asked> asked(Call call) {
        var selection = call.query("selectionId");
        if (selection != null) {
            return SelectedLetters.find(reading, UUID.fromString(selection))
                    .map(letters -> new Asked(letters.q(), letters::unchanged));
        }
        var q = call.query("q", "");
        var scope = queries.scope(call, q);
        return Future.succeededFuture(
                new Asked(q, (client, below, limit) -> LetterWalk.next(client, scope, below, limit)));
    }

    private Future<Void> export(Call call, ExportFormat format, ExportLines lines, Asked asked) {
        var export = new LetterExport(reading, lines, call.response());
        return LetterQueries.refusing(export.find(asked.walk()))
                .compose(letters -> record(call, format, asked.q(), letters))
                .compose(recorded -> {
                    call.response()
                            .setChunked(true)
                            .putHeader("Content-Type", format.mediaType)
                            .putHeader("Content-Disposition", "attachment; filename=\"" + fileName(format) + "\"");
                    return export.send(asked.q());
                });
    }

    /** Our own words and a time: nothing of a record or of the filter gets into a header. */
    private String fileName(ExportFormat format) {
        return "redrive-letters-" + STAMP.format(Instant.now(clock)) + "." + format.suffix;
    }

    private Future<Void> record(Call call, ExportFormat format, String q, int letters) {
        var details = new JsonObject().put("q", q).put("format", format.suffix).put("letters", letters);
        var event = new AuditEvent(
                call.actor(), "letters-exported", null, "/api/v1/dead-letters", null, details, call.requestId());
        return pool.withTransaction(connection -> audit.record(connection, event));
    }

    static RefusedException tooMany() {
        return new RefusedException(
                ProblemCode.UNPROCESSABLE,
                "An export holds %,d letters at most; divide it by ts: or topic:".formatted(MOST_LETTERS));
    }
}
