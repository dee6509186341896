package dev.redrive.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.StaticHandler;

/**
 * The browser UI under {@code /ui/}, from the class path. Paths that are no file are screens of the one page; files
 * under {@code assets/} have their hash in the name and never change.
 */
final class Ui {

    private static final String ROOT = "webroot";
    private static final String PAGE = "/ui/";
    private static final String ASSETS = PAGE + "assets/";
    private static final String FOREVER = "public, max-age=31536000, immutable";

    private static final String NOT_BUILT = """
            <!doctype html><html lang="en"><meta charset="utf-8"><title>Redrive</title>
            <h1>The UI was not built</h1>
            <p>This Redrive was built with <code>-Dui.skip=true</code>. Build it with <code>./mvnw package</code>.</p>
            <p>The API is there: <a href="/api/openapi.yaml">/api/openapi.yaml</a></p></html>
            """;

    private final boolean built = Ui.class.getResource("/" + ROOT + "/index.html") != null;

    void mount(Router router) {
        router.get("/").method(HttpMethod.HEAD).handler(context -> redirect(context, "/ui/"));
        // A route to /ui also answers /ui/, hence the expression.
        router.getWithRegex("/ui").method(HttpMethod.HEAD).handler(context -> redirect(context, "/ui/"));
        if (built) {
            router.get("/ui/*")
                    .method(HttpMethod.HEAD)
                    .handler(Ui::file)
                    .handler(StaticHandler.create(ROOT)
                            .setCachingEnabled(false)
                            .setDirectoryListing(false)
                            .setIncludeHidden(false))
                    .handler(Ui::missing);
        } else {
            router.get("/ui/*")
                    .handler(context -> context.response()
                            .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                            .end(NOT_BUILT));
        }
    }

    private static void file(RoutingContext context) {
        var path = context.normalizedPath();
        context.response().putHeader(HttpHeaders.CACHE_CONTROL, path.startsWith(ASSETS) ? FOREVER : "no-cache");
        if (isFile(path)) {
            context.next();
        } else {
            context.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                    .sendFile(ROOT + "/index.html")
                    .onFailure(context::fail);
        }
    }

    /**
     * Decides by the name alone, so that an unknown screen never looks for a file. A dot says that it is one only beside
     * the page itself: further down are screens of topics and consumer groups, whose names hold dots.
     */
    static boolean isFile(String path) {
        boolean beside = path.indexOf('/', PAGE.length()) < 0 && path.contains(".");
        return path.startsWith(ASSETS) || beside;
    }

    private static void missing(RoutingContext context) {
        context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        context.fail(404);
    }

    private static void redirect(RoutingContext context, String location) {
        context.response()
                .setStatusCode(302)
                .putHeader(HttpHeaders.LOCATION, location)
                .end();
    }
}
