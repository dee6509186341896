package dev.redrive.alert;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** Tells of a gap: letters that nobody will ever read. */
final class GapAlert {

    private final Links links;

    GapAlert(Links links) {
        this.links = links;
    }

    AlertNotice notice(GapNotice gap, Instant now) {
        var data = new JsonObject()
                .put("gapId", Long.toString(gap.id()))
                .put("cluster", gap.cluster())
                .put("topic", gap.topic())
                .put("partition", gap.partition())
                .put("fromOffset", Long.toString(gap.from()))
                .put("toOffset", Long.toString(gap.to()))
                .put("cause", gap.cause())
                .put("commands", JsonArray.of(links.curl("/gaps"), links.curl("/topics")));
        return AlertNotice.of(
                Condition.GAP,
                AlertSubject.topic(gap.cluster(), gap.topic(), "gap " + gap.id()),
                title(gap),
                Math.max(1, gap.to() - gap.from()),
                now,
                "/topics",
                data);
    }

    private static String title(GapNotice gap) {
        var place = " of " + gap.topic() + ", partition " + gap.partition();
        return gap.to() > gap.from()
                ? "Offsets " + gap.from() + " to " + (gap.to() - 1) + place + " cannot be read any more"
                : "Records" + place + " from offset " + gap.from() + " on cannot be read any more";
    }
}
