package dev.redrive.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.Json;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RequestExtractor;
import io.vertx.json.schema.common.dsl.SchemaType;
import io.vertx.openapi.contract.Location;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.contract.Parameter;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatableRequest;
import io.vertx.openapi.validation.impl.RequestParameterImpl;
import io.vertx.openapi.validation.impl.ValidatableRequestImpl;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The way from a request to what the contract is checked against. Every operation passes here once it is matched, so
 * here is the {@link Gate}, before a body is read. Stands in for vertx-openapi's own reader, which decodes parameters
 * twice ({@code %2B} becomes a space), reads texts as JSON and takes the first of repeated parameters.
 */
final class RequestReader implements RequestExtractor {

    private static final long BODY_LIMIT = 1 << 20;

    /** A draft holds a whole record as base64 or escaped text. */
    private static final Map<String, Long> LARGER_BODIES = Map.of("putDraft", 96L << 20);

    /** Bodies that their handler reads as they come; the request stays paused until it does. */
    private static final Map<String, String> STREAMED = Map.of("importDeadLetters", "application/x-ndjson");

    /** A browser sends one of them with every form, a command line none. */
    private static final List<String> BROWSERS_OWN = List.of("Cookie", "Origin", "Referer", "Sec-Fetch-Site");

    private final Gate gate;

    RequestReader(Gate gate) {
        this.gate = gate;
    }

    @Override
    public Future<ValidatableRequest> extractValidatableRequest(RoutingContext context, Operation operation) {
        var request = context.request();
        // The gate may have to ask the database first; nothing may arrive meanwhile.
        request.pause();
        return gate.admit(request, operation.getOperationId()).compose(caller -> {
            context.put(Call.CALLER, caller);
            refuseUndeclared(context, operation);
            return body(context, operation).map(body -> read(context, operation, body));
        });
    }

    private static Future<Buffer> body(RoutingContext context, Operation operation) {
        var request = context.request();
        var streamed = STREAMED.get(operation.getOperationId());
        if (streamed != null) {
            checkType(request, streamed);
            return Future.succeededFuture(Buffer.buffer());
        }
        if (operation.getRequestBody() == null || !hasBody(request)) {
            request.resume();
            return Future.succeededFuture(Buffer.buffer());
        }
        if (!isPlainCurl(context)) {
            checkType(request, "application/json");
        }
        long limit = LARGER_BODIES.getOrDefault(operation.getOperationId(), BODY_LIMIT);
        return BoundedBody.read(request, limit).onSuccess(body -> context.put(Call.BODY, body));
    }

    /**
     * {@code curl -d} says form where nobody names a type, and a runbook should not have to. A page of another site can
     * send a form, but no Authorization header without asking first, which nobody here answers. So a bearer may say
     * form and mean JSON, unless anything shows that a browser, or a proxy in front of one, added it by itself.
     */
    private static boolean isPlainCurl(RoutingContext context) {
        var request = context.request();
        Caller caller = requireNonNull(context.get(Call.CALLER));
        return caller.auth().equals(Caller.BEARER)
                && BROWSERS_OWN.stream().allMatch(name -> request.getHeader(name) == null)
                && request.getHeader(HttpHeaders.CONTENT_ENCODING) == null
                && isType(request, "application/x-www-form-urlencoded");
    }

    private static boolean isType(HttpServerRequest request, String wanted) {
        var contentType = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return contentType != null
                && contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(wanted);
    }

    private static void checkType(HttpServerRequest request, String wanted) {
        if (!isType(request, wanted) || request.getHeader(HttpHeaders.CONTENT_ENCODING) != null) {
            throw new RefusedException(
                    ProblemCode.UNSUPPORTED_MEDIA_TYPE, "The body must be " + wanted + " without Content-Encoding");
        }
    }

    private static boolean hasBody(HttpServerRequest request) {
        var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null || (length != null && !length.equals("0"));
    }

    /** A misspelt filter must not widen a list in silence. */
    private static void refuseUndeclared(RoutingContext context, Operation operation) {
        var declared = operation.getParameters().stream()
                .filter(parameter -> parameter.getIn() == Location.QUERY)
                .map(Parameter::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        var given = context.queryParams();
        for (var name : given.names()) {
            if (!declared.contains(name)) {
                throw RefusedException.invalidParameter(
                        name, "Unknown parameter; known here: " + String.join(", ", declared));
            }
            if (given.getAll(name).size() > 1) {
                throw RefusedException.invalidParameter(name, "Given more than once");
            }
        }
    }

    private static ValidatableRequest read(RoutingContext context, Operation operation, Buffer body) {
        return new ValidatableRequestImpl(
                values(context, operation, Location.COOKIE),
                values(context, operation, Location.HEADER),
                values(context, operation, Location.PATH),
                values(context, operation, Location.QUERY),
                new RequestParameterImpl(body.length() == 0 ? null : body),
                "application/json");
    }

    private static Map<String, RequestParameter> values(
            RoutingContext context, Operation operation, Location location) {
        return operation.getParameters().stream()
                .filter(parameter -> parameter.getIn() == location)
                .collect(Collectors.toMap(Parameter::getName, parameter -> value(context, parameter)));
    }

    private static RequestParameter value(RoutingContext context, Parameter parameter) {
        @Nullable
        String raw = switch (parameter.getIn()) {
            case PATH -> context.pathParam(parameter.getName());
            case QUERY -> context.queryParams().get(parameter.getName());
            case HEADER -> context.request().getHeader(parameter.getName());
            case COOKIE -> null;
        };
        // The validator parses what it gets as JSON, so a text must be JSON to stay what it is.
        boolean text = raw != null && parameter.getSchemaType() == SchemaType.STRING;
        return new RequestParameterImpl(text ? Json.encode(raw) : raw);
    }
}
