package dev.redrive.replay;

import dev.redrive.http.Call;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Reply;
import dev.redrive.http.Routes;
import dev.redrive.transform.Transforms;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import java.util.UUID;

/** Says what a job that replays would do, before anybody orders it. */
final class PreviewRoutes implements Routes {

    private static final int SAMPLES = 5;

    private final Previews previews;
    private final Transforms transforms;
    private final TransformPreview trials;

    PreviewRoutes(Previews previews, Transforms transforms, TransformPreview trials) {
        this.previews = previews;
        this.transforms = transforms;
        this.trials = trials;
    }

    @Override
    public void bindTo(RouterBuilder routes) {
        routes.getRoute("previewReplays").addHandler(Call.answering(this::preview));
    }

    private Future<Reply> preview(Call call) {
        var body = call.body();
        var options = ReplayOptions.of(body.getJsonObject("options", new JsonObject()));
        var selection = UUID.fromString(call.pathParameter("id"));
        var transform = options.transform();
        if (transform == null) {
            return previews.of(selection, options)
                    .map(seen -> Reply.ok(seen.json().put("transform", null)));
        }
        if (!call.caller().permissions().contains("payload:read")) {
            throw new RefusedException(
                    ProblemCode.FORBIDDEN, "The samples show values, which needs the permission payload:read");
        }
        // Before the letters are looked at: a program that cannot be read is the answer.
        return transforms
                .check(transform, ReplayWork.PROGRAM)
                .compose(read -> previews.of(selection, options))
                .compose(seen -> trials.of(transform, seen.first(), seen.all(), body.getInteger("samples", SAMPLES))
                        .map(tried -> Reply.ok(seen.json().put("transform", tried))));
    }
}
