package dev.redrive.replay;

import dev.redrive.http.Call;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.UUID;

/** Says what a job that replays would do, before anybody orders it. */
final class PreviewRoutes implements Routes {

    private final Previews previews;

    PreviewRoutes(Previews previews) {
        this.previews = previews;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("previewReplays").addHandler(Call.answering(this::preview));
    }

    private Future<Reply> preview(Call call) {
        var options = ReplayOptions.of(call.body().getJsonObject("options", new JsonObject()));
        return previews.of(UUID.fromString(call.pathParameter("id")), options).map(Reply::ok);
    }
}
