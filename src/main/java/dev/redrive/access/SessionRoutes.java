package dev.redrive.access;

import dev.redrive.http.Call;
import dev.redrive.http.Caller;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.http.ServerVersion;
import io.vertx.core.Future;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.time.Duration;

/** Signing in and out of the browser UI, and who one is. */
public final class SessionRoutes implements Routes {

    private static final Duration LIFETIME = Duration.ofHours(12);

    private final Access access;
    private final SessionStore sessions;
    private final boolean secure;

    /** @param publicUrl tells whether browsers reach us by https, where the cookie must never go without */
    public SessionRoutes(Access access, SessionStore sessions, String publicUrl) {
        this.access = access;
        this.sessions = sessions;
        this.secure = publicUrl.startsWith("https:");
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("getMe")
                .addHandler(Call.answering(call -> Future.succeededFuture(Reply.ok(me(call.caller())))));
        routes.getRoute("openSession").addHandler(Call.answering(this::open));
        routes.getRoute("closeSession").addHandler(Call.answering(this::close));
    }

    private Future<Reply> open(Call call) {
        return access.open(call.body().getString("token")).map(session -> {
            var caller = new Caller(Access.ADMIN, "session", Permissions.all(), session.csrfToken());
            return Reply.created(me(caller))
                    .with(
                            "Set-Cookie",
                            cookie(session.secret())
                                    .setMaxAge(LIFETIME.toSeconds())
                                    .encode());
        });
    }

    private Future<Reply> close(Call call) {
        var expired =
                Reply.noContent().with("Set-Cookie", cookie("").setMaxAge(0).encode());
        return call.cookie(Session.COOKIE)
                .map(secret -> sessions.close(new Session(secret)).map(closed -> expired))
                .orElseGet(() -> Future.succeededFuture(expired));
    }

    private Cookie cookie(String secret) {
        return Cookie.cookie(Session.COOKIE, secret)
                .setPath("/")
                .setHttpOnly(true)
                .setSecure(secure)
                .setSameSite(CookieSameSite.LAX);
    }

    private static JsonObject me(Caller caller) {
        return new JsonObject()
                .put("actor", caller.actor())
                .put("auth", caller.auth())
                .put(
                        "permissions",
                        new JsonArray(caller.permissions().stream().sorted().toList()))
                .put("csrfToken", caller.csrfToken())
                .put("version", ServerVersion.get());
    }
}
