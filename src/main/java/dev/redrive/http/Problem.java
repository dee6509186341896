package dev.redrive.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.openapi.validation.ValidatorException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An error answer as RFC 9457 has it.
 *
 * @param detail what went wrong this time, safe to show to the caller
 * @param members further members such as {@code errors} or {@code allowedActions}
 */
record Problem(ProblemCode code, @Nullable String detail, JsonObject members) {

    private static final Logger log = LoggerFactory.getLogger(Problem.class);

    /** SQLSTATE of a statement that ran into its timeout. */
    private static final String QUERY_CANCELED = "57014";

    /** SQLSTATEs of a NUL in a text and in a text within JSON: Postgres stores neither. */
    private static final Set<String> HOLDS_NUL = Set.of("22021", "22P05");

    /** SQLSTATE of what a unique constraint refuses. Statements look before they write, so another was a moment faster. */
    private static final String TAKEN = "23505";

    private static final String RETRY_SECONDS = "1";

    /** The one failure handler of the server; handlers only ever call {@code context.fail(cause)}. */
    static void respond(RoutingContext context) {
        var response = context.response();
        if (response.closed()) {
            // Whoever asked is gone; that is nobody's fault, and nobody reads the answer.
            return;
        }
        var problem = from(context.failure(), context.statusCode());
        if (problem.code().status() >= 500) {
            log.error(
                    "{} {} failed, trace {}",
                    context.request().method(),
                    context.normalizedPath(),
                    Frame.traceId(context),
                    context.failure());
        }
        if (response.headWritten()) {
            context.request().connection().close();
            return;
        }
        if (!context.request().isEnded()) {
            // The rest of a body that nobody will read must not be taken for the next request.
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        if (problem.code().retryable()) {
            response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
        }
        if (problem.code() == ProblemCode.UNAUTHENTICATED) {
            response.putHeader("WWW-Authenticate", "Bearer realm=\"redrive\"");
        }
        response.setStatusCode(problem.code().status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .end(problem.toJson(context).encode());
    }

    static Problem from(@Nullable Throwable failure, int statusCode) {
        if (failure instanceof RefusedException refused) {
            return new Problem(refused.code(), refused.getMessage(), refused.members());
        }
        if (failure instanceof ValidatorException invalid) {
            return invalid(invalid);
        }
        if (failure instanceof DecodeException) {
            return new Problem(ProblemCode.VALIDATION_FAILED, "The body is no JSON", new JsonObject());
        }
        if (failure instanceof HttpException http) {
            return http.getCause() instanceof ValidatorException invalid ? invalid(invalid) : of(http.getStatusCode());
        }
        if (failure == null) {
            return of(statusCode);
        }
        return failure instanceof PgException postgres
                ? refused(postgres)
                : new Problem(outage(failure), null, new JsonObject());
    }

    private static Problem refused(PgException postgres) {
        var state = String.valueOf(postgres.getSqlState());
        if (HOLDS_NUL.contains(state)) {
            return new Problem(
                    ProblemCode.VALIDATION_FAILED, "A text holds NUL, which is not stored", new JsonObject());
        }
        if (state.equals(TAKEN)) {
            return new Problem(
                    ProblemCode.CONFLICT_STATE,
                    "Somebody stored the same at this moment; nothing was changed, load it again",
                    new JsonObject().put("allowedActions", new JsonArray()));
        }
        return new Problem(outage(postgres), null, new JsonObject());
    }

    private static Problem invalid(ValidatorException invalid) {
        var error = new JsonObject().put("detail", invalid.getMessage());
        return new Problem(
                ProblemCode.VALIDATION_FAILED,
                invalid.getMessage(),
                new JsonObject().put("errors", new JsonArray().add(error)));
    }

    private static ProblemCode outage(Throwable failure) {
        if (failure instanceof PgException postgres) {
            var state = requireNonNull(postgres.getSqlState(), "SQLSTATE");
            if (state.equals(QUERY_CANCELED)) {
                return ProblemCode.SEARCH_TOO_SLOW;
            }
            // Connection, resources, operator: https://www.postgresql.org/docs/current/errcodes-appendix.html
            return state.startsWith("08") || state.startsWith("53") || state.startsWith("57")
                    ? ProblemCode.DATABASE_UNAVAILABLE
                    : ProblemCode.INTERNAL;
        }
        boolean unreachable = failure instanceof ConnectException
                || failure instanceof UnknownHostException
                || failure instanceof ClosedConnectionException
                || failure instanceof TimeoutException
                // What the pool says when no connection came free in time; it has no type of its own.
                || "Timeout".equals(failure.getMessage());
        return unreachable ? ProblemCode.DATABASE_UNAVAILABLE : ProblemCode.INTERNAL;
    }

    /** For {@code context.fail(404)} and its like, which carry a status alone. */
    private static Problem of(int status) {
        for (var code : ProblemCode.values()) {
            if (code.status() == status) {
                return new Problem(code, null, new JsonObject());
            }
        }
        var nearest = status >= 400 && status < 500 ? ProblemCode.VALIDATION_FAILED : ProblemCode.INTERNAL;
        return new Problem(nearest, null, new JsonObject());
    }

    private JsonObject toJson(RoutingContext context) {
        var json = new JsonObject()
                .put("type", code.type())
                .put("title", code.title())
                .put("status", code.status())
                .put("code", code.word())
                .put("instance", context.normalizedPath())
                .put("traceId", Frame.traceId(context))
                .put("retryable", code.retryable());
        if (detail != null) {
            json.put("detail", detail);
        }
        return json.mergeIn(members);
    }
}
