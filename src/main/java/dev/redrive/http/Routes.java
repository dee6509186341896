package dev.redrive.http;

import io.vertx.ext.web.openapi.router.RouterBuilder;

/** What a feature offers over HTTP. Bound by operation id, so the contract says which path and parameters there are. */
public interface Routes {

    /** Called once for each instance of the HTTP verticle, on its event loop. */
    void bindTo(RouterBuilder routes);
}
