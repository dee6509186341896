package dev.redrive.alert;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Tells of a lane on hold: replays wait there, and a person has to say that they may go on. */
final class LaneAlert {

    private static final String TYPE = "redrive.replay.hold";

    private final Links links;

    LaneAlert(Links links) {
        this.links = links;
    }

    AlertEvent event(LaneNotice lane) {
        var data = new JsonObject()
                .put("title", "Replays wait: lane " + lane.lane() + " of " + lane.cluster() + " is on hold")
                .put("cluster", lane.cluster())
                .put("lane", lane.lane())
                .put("why", lane.why())
                .put("link", links.page("/letters?q=outcome%3Auncertain"))
                .put("commands", JsonArray.of(links.curl("/lanes")));
        return new AlertEvent(TYPE, "lane:" + lane.cluster() + ":" + lane.lane() + ":" + lane.fence(), null, data);
    }
}
