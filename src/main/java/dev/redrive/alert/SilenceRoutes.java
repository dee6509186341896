package dev.redrive.alert;

import dev.redrive.audit.AuditEvent;
import dev.redrive.audit.AuditStore;
import dev.redrive.filter.FilterException;
import dev.redrive.http.Call;
import dev.redrive.http.Idempotency;
import dev.redrive.http.Keyset;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.Times;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is kept quiet, until when and why. A silence never changes; it is ended, and stays to be seen. */
final class SilenceRoutes implements Routes {

    private static final String PATH = "/api/v1/silences";
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final int MOST_SHOWN = 50;

    private final Pool pool;
    private final Pool reading;
    private final AuditStore audit;
    private final Idempotency idempotency;
    private final Clock clock;

    /** @param reading with a short statement timeout */
    SilenceRoutes(Pool pool, Pool reading, AuditStore audit, Clock clock) {
        this.pool = pool;
        this.reading = reading;
        this.audit = audit;
        this.idempotency = new Idempotency(pool);
        this.clock = clock;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("listSilences").addHandler(Call.answering(this::list));
        routes.getRoute("createSilence").addHandler(Call.answering(this::create));
        routes.getRoute("endSilence").addHandler(Call.answering(this::end));
        routes.getRoute("previewSilence").addHandler(Call.answering(this::preview));
    }

    private Future<Reply> list(Call call) {
        var keyset = Keyset.of(call, "silences");
        return SilenceStore.page(reading, keyset.beforeId(), keyset.fetch())
                .compose(found -> AlertListStore.open(reading)
                        .map(open -> Reply.ok(
                                keyset.page(found, Silence::id, silence -> toJson(silence, matches(silence, open))))));
    }

    private Future<Reply> create(Call call) {
        // What is asked is looked at only once: asked again later, a time of it may be over.
        return idempotency.once(call, connection -> {
            var now = clock.instant();
            var asked = asked(call.body(), now);
            return SilenceStore.count(connection, now)
                    .compose(silences -> silences < SilenceStore.MOST
                            ? SilenceStore.create(connection, asked, call.actor())
                            : Future.failedFuture(RefusedException.conflict(
                                    "At most " + SilenceStore.MOST + " silences are there at a time; end one",
                                    List.of())))
                    .compose(silence -> log(connection, call, "silence-created", silence)
                            .compose(logged -> AlertListStore.open(connection))
                            .map(open -> Reply.created(toJson(silence, matches(silence, open)))
                                    .with("Location", PATH + "/" + silence.id())));
        });
    }

    private static Silence.Asked asked(JsonObject body, Instant now) {
        var query = body.getString("query").strip();
        filter(query);
        var from = time("from", body.getString("from"), now);
        var until = time("until", body.getString("until"), now);
        if (!until.isAfter(now) || !until.isAfter(from) || from.plus(LONGEST).isBefore(until)) {
            throw invalid("until", "After the beginning and after now, and at most 30 days later");
        }
        var reason = body.getString("reason").strip();
        if (reason.isEmpty()) {
            throw invalid("reason", "Say why, for whoever misses the alert");
        }
        return new Silence.Asked(query, from, until, reason);
    }

    private Future<Reply> end(Call call) {
        return pool.withTransaction(connection -> SilenceStore.end(connection, call.id(), clock.instant())
                .compose(ended -> ended.isPresent()
                        ? log(connection, call, "silence-ended", ended.get()).map(Reply.noContent())
                        : SilenceStore.find(connection, call.id()).map(found -> {
                            if (found.isEmpty()) {
                                throw RefusedException.notFound("No silence with id " + call.id());
                            }
                            // To end what has ended changes nothing.
                            return Reply.noContent();
                        })));
    }

    private Future<Reply> preview(Call call) {
        var filter = filter(call.body().getString("query").strip());
        return AlertListStore.open(reading).map(open -> {
            var matching = matching(filter, open);
            var shown = new JsonArray(matching.stream()
                    .limit(MOST_SHOWN)
                    .map(alert -> new JsonObject()
                            .put("alertId", Long.toString(alert.id()))
                            .put("title", alert.title()))
                    .toList());
            return Reply.ok(new JsonObject().put("matches", shown).put("total", matching.size()));
        });
    }

    private static SubjectFilter filter(String query) {
        if (query.isEmpty() || query.indexOf('\0') >= 0) {
            throw invalid("query", "A filter without NUL; one without terms would silence everything");
        }
        try {
            return SubjectFilter.of(query, SubjectFilter.OF_SILENCES);
        } catch (FilterException wrong) {
            throw AlertRuleJson.refused(wrong, "/query");
        }
    }

    private static List<Episode> matching(SubjectFilter filter, List<Episode> open) {
        return open.stream()
                .filter(alert -> filter.fits(alert.subject(), alert.title(), alert.severity(), alert.ruleName()))
                .toList();
    }

    /** A stored filter that cannot be read any more matches nothing. */
    private static int matches(Silence silence, List<Episode> open) {
        try {
            return matching(SubjectFilter.of(silence.query(), SubjectFilter.OF_SILENCES), open)
                    .size();
        } catch (FilterException invalid) {
            return 0;
        }
    }

    private static Instant time(String field, @Nullable String given, Instant absent) {
        try {
            return given == null ? absent : Times.read(given).toInstant();
        } catch (DateTimeException noTime) {
            throw invalid(field, "Expected a time such as 2026-11-23T02:00:00Z");
        }
    }

    private static RefusedException invalid(String field, String detail) {
        return RefusedException.invalidField(ProblemCode.VALIDATION_FAILED, "/" + field, detail);
    }

    private Future<Void> log(SqlConnection connection, Call call, String action, Silence silence) {
        var details = new JsonObject()
                .put("query", silence.query())
                .put("from", Times.rfc3339(silence.from()))
                .put("until", Times.rfc3339(silence.until()));
        var event = new AuditEvent(
                call.actor(), action, null, PATH + "/" + silence.id(), silence.reason(), details, call.requestId());
        return audit.record(connection, event).compose(recorded -> AlertRuleStore.changed(connection));
    }

    private JsonObject toJson(Silence silence, int matches) {
        return new JsonObject()
                .put("id", Long.toString(silence.id()))
                .put("query", silence.query())
                .put("from", Times.rfc3339(silence.from()))
                .put("until", Times.rfc3339(silence.until()))
                .put("by", silence.author())
                .put("reason", silence.reason())
                .put("state", silence.state(clock.instant()))
                .put("matches", matches);
    }
}
