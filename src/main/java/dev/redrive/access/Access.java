package dev.redrive.access;

import static java.util.Objects.requireNonNull;

import dev.redrive.Settings;
import dev.redrive.http.Caller;
import dev.redrive.http.Gate;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides who calls and whether they may. With {@code REDRIVE_AUTH=none}, which the settings accept on a loopback
 * address only, everybody on this machine may do everything, but no web page of another origin. With {@code token} the
 * admin token may do everything, as a bearer or through a session that was opened with it.
 */
public final class Access implements Gate {

    static final String ANONYMOUS = "anonymous";
    static final String ADMIN = "admin";

    private static final String BEARER = "Bearer ";

    private final @Nullable Secret adminToken;
    private final SessionStore sessions;

    public Access(Settings.Access settings, SessionStore sessions) {
        boolean open = settings.mode() == Settings.Access.Mode.NONE;
        this.adminToken = open ? null : new Secret(requireNonNull(settings.adminToken(), "adminToken"));
        this.sessions = sessions;
    }

    @Override
    public boolean knows(String operationId) {
        return Permissions.knows(operationId);
    }

    @Override
    public Future<Caller> admit(HttpServerRequest request, String operationId) {
        if (!Permissions.knows(operationId)) {
            throw new RefusedException(ProblemCode.FORBIDDEN, "Nobody may call this operation");
        }
        if (adminToken == null) {
            Provenance.checkLoopback(request);
            Provenance.checkOrigin(request);
            return Future.succeededFuture(new Caller(ANONYMOUS, "none", Permissions.all(), null));
        }
        if (Permissions.isPublic(operationId)) {
            Provenance.checkOrigin(request);
            return Future.succeededFuture(new Caller(ANONYMOUS, "none", Set.of(), null));
        }
        return identify(request, adminToken).map(caller -> permitted(caller, operationId));
    }

    /** A bearer token is no ambient authority, so it needs no proof of origin, and it makes any cookie irrelevant. */
    private Future<Caller> identify(HttpServerRequest request, Secret token) {
        var authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization != null) {
            boolean bearer = authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
            if (!bearer || !token.is(authorization.substring(BEARER.length()).strip())) {
                throw unauthenticated("The token is not valid");
            }
            return Future.succeededFuture(new Caller(ADMIN, Caller.BEARER, Permissions.all(), null));
        }
        var cookie = request.getCookie(Session.COOKIE);
        if (cookie == null) {
            throw unauthenticated("Send Authorization: Bearer with a token, or open a session");
        }
        var session = new Session(cookie.getValue());
        return sessions.find(session, token)
                .map(actor -> actor.orElseThrow(() -> unauthenticated("The session has ended")))
                .map(actor -> {
                    Provenance.checkOrigin(request);
                    Provenance.checkCsrf(request, session);
                    return new Caller(actor, "session", Permissions.all(), session.csrfToken());
                });
    }

    private static Caller permitted(Caller caller, String operationId) {
        boolean allowed = Permissions.needed(operationId)
                .map(permission -> caller.permissions().contains(permission.word()))
                .orElse(false);
        if (!allowed) {
            throw new RefusedException(ProblemCode.FORBIDDEN, "You may not do this");
        }
        return caller;
    }

    /** @return the session opened with the token, empty where sessions are not used */
    Future<Session> open(String token) {
        if (adminToken == null) {
            throw RefusedException.notFound("Sessions are not used with REDRIVE_AUTH=none");
        }
        if (!adminToken.is(token)) {
            throw unauthenticated("The token is not valid");
        }
        var session = Session.random();
        return sessions.open(session, ADMIN, adminToken).map(opened -> session);
    }

    private static RefusedException unauthenticated(String detail) {
        return new RefusedException(ProblemCode.UNAUTHENTICATED, detail);
    }
}
