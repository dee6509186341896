package dev.redrive.access;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a request that may carry the browser's own authority came from our own pages. */
final class Provenance {

    static final String CSRF_HEADER = "X-Redrive-CSRF";

    private static final Set<String> OWN_SITES = Set.of("same-origin", "none");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

    private Provenance() {}

    /**
     * Refuses a changing request that another site's page sent. Sec-Fetch-Site tells it in every current browser;
     * where it is absent, Origin must be ours; where both are, it was no browser.
     */
    static void checkOrigin(HttpServerRequest request) {
        if (!changes(request)) {
            return;
        }
        var site = request.getHeader("Sec-Fetch-Site");
        var origin = request.getHeader("Origin");
        boolean own = site != null ? OWN_SITES.contains(site) : origin == null || isOurs(origin, request);
        if (!own) {
            throw new RefusedException(ProblemCode.FORBIDDEN, "The request came from another site");
        }
    }

    /** A changing request of a session repeats the token that only our own pages can read. */
    static void checkCsrf(HttpServerRequest request, Session session) {
        if (!changes(request)) {
            return;
        }
        var given = request.getHeader(CSRF_HEADER);
        boolean proven = given != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8),
                        session.csrfToken().getBytes(StandardCharsets.UTF_8));
        if (!proven) {
            throw new RefusedException(ProblemCode.FORBIDDEN, "Send " + CSRF_HEADER + " with csrfToken of /api/v1/me");
        }
    }

    /** Without sign-in a page that points its own name at this machine (DNS rebinding) must not get through. */
    static void checkLoopback(HttpServerRequest request) {
        var authority = request.authority();
        if (authority == null || !LOOPBACK.contains(authority.host())) {
            throw new RefusedException(
                    ProblemCode.FORBIDDEN, "With REDRIVE_AUTH=none the Host must be localhost, 127.0.0.1 or [::1]");
        }
    }

    private static boolean changes(HttpServerRequest request) {
        return request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD;
    }

    private static boolean isOurs(String origin, HttpServerRequest request) {
        var authority = request.authority();
        return authority != null && authority.toString().equals(authorityOf(origin));
    }

    private static @Nullable String authorityOf(String origin) {
        try {
            return URI.create(origin).getAuthority();
        } catch (IllegalArgumentException noUri) {
            return null;
        }
    }
}
