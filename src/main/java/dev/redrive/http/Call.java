package dev.redrive.http;

import static java.util.Objects.requireNonNull;

import dev.redrive.Sha256;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatedRequest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One call of an operation: admitted, and checked against the contract. Used on the event loop it came on. */
public final class Call {

    static final String CALLER = "redrive.caller";
    static final String BODY = "redrive.body";

    private static final int DIGEST_BYTES = 8;

    private final RoutingContext context;
    private final ValidatedRequest request;

    private Call(RoutingContext context) {
        this.context = context;
        this.request = requireNonNull(context.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST));
    }

    /** The usual handler of an operation: a failure of any kind becomes a problem. */
    public static Handler<RoutingContext> answering(Function<Call, Future<Reply>> operation) {
        return context -> Future.succeededFuture(new Call(context))
                .compose(operation)
                .compose(reply -> send(context.response(), reply))
                .onFailure(context::fail);
    }

    /** For operations that write to the response themselves; the returned future fails into a problem. */
    public static Handler<RoutingContext> streaming(Function<Call, Future<Void>> operation) {
        return context ->
                Future.succeededFuture(new Call(context)).compose(operation).onFailure(context::fail);
    }

    private static Future<Void> send(HttpServerResponse response, Reply reply) {
        response.setStatusCode(reply.status());
        reply.headers().forEach(response::putHeader);
        var body = reply.body();
        if (body == null) {
            return response.end();
        }
        return response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(body.toBuffer());
    }

    public HttpServerResponse response() {
        return context.response();
    }

    /** The request itself, paused, where its body is a stream that nobody read yet. */
    public HttpServerRequest request() {
        return context.request();
    }

    public Caller caller() {
        return requireNonNull(context.get(CALLER));
    }

    /** As it stands in the audit. */
    public String actor() {
        return caller().actor();
    }

    public String requestId() {
        return Frame.requestId(context);
    }

    public String method() {
        return context.request().method().name();
    }

    public String path() {
        return context.normalizedPath();
    }

    /** A path parameter that is a number in the database. */
    public long id() {
        return Long.parseLong(pathParameter("id"));
    }

    public String pathParameter(String name) {
        return requireNonNull(declared(request.getPathParameters(), name).getString(), name);
    }

    /** @return a text parameter of the query, null where the caller left it out */
    public @Nullable String query(String name) {
        return declared(request.getQuery(), name).getString();
    }

    public String query(String name, String absent) {
        var given = query(name);
        return given == null ? absent : given;
    }

    public int number(String name, int absent) {
        return declared(request.getQuery(), name).getInteger(absent);
    }

    public boolean flag(String name) {
        return declared(request.getQuery(), name).getBoolean(false);
    }

    public @Nullable String header(String name) {
        return context.request().getHeader(name);
    }

    public Optional<String> cookie(String name) {
        return Optional.ofNullable(context.request().getCookie(name)).map(Cookie::getValue);
    }

    /** @return the body, empty where an optional one was left out */
    public JsonObject body() {
        var body = request.getBody();
        return body == null || body.isNull() ? new JsonObject() : body.getJsonObject();
    }

    /** The body's own bytes, empty without one. */
    public Buffer rawBody() {
        return context.get(BODY, Buffer.buffer());
    }

    public static String etag(int version) {
        return "\"v" + version + "\"";
    }

    /**
     * The tag of what shows more than its version counts, as a letter shows its draft. Behind the version, which is all
     * that {@code If-Match} asks for, stands a digest of what is shown.
     */
    public static String etag(int version, JsonObject shown) {
        var digest = Sha256.of(shown.toBuffer().getBytes());
        return "\"v" + version + "-" + HexFormat.of().formatHex(digest, 0, DIGEST_BYTES) + "\"";
    }

    /** Fails with 412 where the caller says which version it saw and this is another one. */
    public void checkMatch(int version) {
        var ifMatch = header("If-Match");
        if (ifMatch != null && tags(ifMatch).noneMatch(tag -> isOf(version, tag))) {
            throw new RefusedException(
                    ProblemCode.PRECONDITION_FAILED,
                    "If-Match names another version than the current one",
                    new JsonObject().put("current", etag(version)));
        }
    }

    /** Fails with 428 where the caller does not say which version it saw. */
    public void requireMatch() {
        if (header("If-Match") == null) {
            throw new RefusedException(
                    ProblemCode.PRECONDITION_REQUIRED, "Send If-Match with the ETag of what you saw");
        }
    }

    /** As {@link #isKnown(String)}, of what shows no more than its version counts. */
    public boolean isKnown(int version) {
        return isKnown(etag(version));
    }

    /** Whether If-None-Match names this tag, so that 304 is the answer. */
    public boolean isKnown(String etag) {
        var ifNoneMatch = header("If-None-Match");
        return ifNoneMatch != null && tags(ifNoneMatch).anyMatch(tag -> tag.equals("*") || tag.equals(etag));
    }

    private static boolean isOf(int version, String tag) {
        return tag.equals("*") || tag.equals(etag(version)) || tag.startsWith("\"v" + version + "-");
    }

    /** Without the mark of a weak one, which a proxy puts before the tag of what it packs. */
    private static Stream<String> tags(String header) {
        return Arrays.stream(header.split(",")).map(tag -> tag.strip().replaceFirst("^W/", ""));
    }

    /** A parameter that the contract declares is always there; where the caller left it out its value is null. */
    private static RequestParameter declared(Map<String, RequestParameter> parameters, String name) {
        return requireNonNull(parameters.get(name), name);
    }
}
