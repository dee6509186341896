package dev.redrive.http;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What every answer carries, errors included: security headers and the ids under which the request can be found again.
 * The content security policy allows nothing but our own files, and no script may turn text into markup.
 */
final class Frame implements Handler<RoutingContext> {

    static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self';"
            + " frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static final String TRACE_ID = "redrive.traceId";
    private static final String REQUEST_ID = "redrive.requestId";

    /**
     * https://www.w3.org/TR/trace-context/#traceparent-header: no version ff, no id of zeros alone, and more fields only
     * in a version after 00.
     */
    private static final Pattern TRACEPARENT = Pattern.compile("(?:00(?=.{53}$)|(?!00|ff)[0-9a-f]{2})"
            + "-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?");

    private static final Pattern REQUEST_ID_SHAPE = Pattern.compile("[A-Za-z0-9._:/+=-]{1,128}");

    private final String version;

    Frame(String version) {
        this.version = version;
    }

    @Override
    public void handle(RoutingContext context) {
        var request = context.request();
        var traceparent = request.getHeader("traceparent");
        var matcher = TRACEPARENT.matcher(traceparent == null ? "" : traceparent);
        String traceId = matcher.matches()
                ? matcher.group(1)
                : UUID.randomUUID().toString().replace("-", "");
        var requestId = request.getHeader("X-Request-Id");
        boolean known = requestId != null && REQUEST_ID_SHAPE.matcher(requestId).matches();
        context.put(TRACE_ID, traceId);
        context.put(REQUEST_ID, known ? requireNonNull(requestId) : traceId);
        var response = context.response()
                .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Redrive-Trace-Id", traceId)
                .putHeader("Redrive-Version", version)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (known) {
            response.putHeader("X-Request-Id", requireNonNull(requestId));
        }
        context.next();
    }

    static String traceId(RoutingContext context) {
        return context.get(TRACE_ID, "");
    }

    /** The caller's own id of the request where it sent a plain one, else the trace id. */
    static String requestId(RoutingContext context) {
        return context.get(REQUEST_ID, "");
    }
}
