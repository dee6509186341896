package dev.redrive.alert;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** Tells of a lane on hold: replays wait there, and a person has to say that they may go on. */
final class LaneAlert {

    private final Links links;

    LaneAlert(Links links) {
        this.links = links;
    }

    /** The row of the lane says whether it still waits, so whoever looks at lanes says when it is over. */
    AlertNotice notice(LaneNotice lane, Instant now) {
        var data = new JsonObject()
                .put("cluster", lane.cluster())
                .put("lane", lane.lane())
                .put("why", Texts.bounded(lane.why()))
                .put("commands", JsonArray.of(links.curl("/lanes"), links.curl("/dead-letters?q=outcome%3Auncertain")));
        return AlertNotice.of(
                Condition.REPLAY_UNCERTAIN,
                AlertSubject.of(
                        AlertSubject.Kind.REPLAY,
                        lane.cluster() + "/lane " + lane.lane(),
                        "Lane " + lane.lane() + " of " + lane.cluster(),
                        lane.cluster()),
                "Replays wait: lane " + lane.lane() + " of " + lane.cluster() + " is on hold",
                1,
                now,
                "/letters?q=outcome%3Auncertain",
                data);
    }
}
