package dev.redrive.alert;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Tells of a gap: letters that nobody will ever read. */
final class GapAlert {

    private static final String TYPE = "redrive.ingest.gap";

    private final Links links;

    GapAlert(Links links) {
        this.links = links;
    }

    AlertEvent event(GapNotice gap) {
        var data = new JsonObject()
                .put("gapId", Long.toString(gap.id()))
                .put("title", title(gap))
                .put("cluster", gap.cluster())
                .put("topic", gap.topic())
                .put("partition", gap.partition())
                .put("fromOffset", Long.toString(gap.from()))
                .put("toOffset", Long.toString(gap.to()))
                .put("cause", gap.cause())
                .put("link", links.page("/topics"))
                .put("commands", JsonArray.of(links.curl("/gaps"), links.curl("/topics")));
        return new AlertEvent(TYPE, "gap:" + gap.id(), null, data);
    }

    private static String title(GapNotice gap) {
        var place = " of " + gap.topic() + ", partition " + gap.partition();
        return gap.to() > gap.from()
                ? "Offsets " + gap.from() + " to " + (gap.to() - 1) + place + " cannot be read any more"
                : "Records" + place + " from offset " + gap.from() + " on cannot be read any more";
    }
}
