package dev.redrive.alert;

import static dev.redrive.alert.NewGroupAlert.bounded;

import dev.redrive.cluster.LagNotice;
import dev.redrive.http.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Tells that a consumer group does not get on with a topic, and when it does again. */
final class LagAlert {

    private static final String FIRING = "redrive.alert.firing";
    private static final String RESOLVED = "redrive.alert.resolved";

    /** What a shell takes as one word, whoever named the group; for others there is no command. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]{1,200}");

    private final Links links;

    LagAlert(Links links) {
        this.links = links;
    }

    AlertEvent event(LagNotice notice) {
        var path = "/"
                + URLEncoder.encode(bounded(notice.group()), StandardCharsets.UTF_8)
                        .replace("+", "%20");
        var data = new JsonObject()
                .put("alert", "consumer-lag")
                .put("episodeId", Long.toString(notice.episode()))
                .put("title", title(notice))
                .put("cluster", notice.cluster())
                .put("consumerGroup", bounded(notice.group()))
                .put("topic", notice.topic())
                .put("lag", notice.lag())
                .put("state", notice.state())
                .put("since", Times.rfc3339(notice.since()))
                .put("firedAt", Times.rfc3339(notice.firedAt()))
                .put("partitions", partitions(notice))
                .put("link", links.page("/consumers" + path))
                .put("commands", commands(notice, path));
        return new AlertEvent(notice.resolved() ? RESOLVED : FIRING, "consumer-lag:" + notice.episode(), null, data);
    }

    private static String title(LagNotice notice) {
        var who = bounded(notice.group()) + " on " + notice.topic();
        if (notice.resolved()) {
            return "Consumer group " + who + " gets on again, " + records(notice.lag()) + " behind";
        }
        return "Consumer group " + who
                + switch (notice.state()) {
                    case "stop" -> " has stopped, ";
                    case "stall" -> " is stuck, ";
                    case "rewind" -> " went back, ";
                    default -> " falls behind, ";
                }
                + records(notice.lag()) + " behind";
    }

    private static String records(long lag) {
        return lag == 1 ? "1 record" : lag + " records";
    }

    private static JsonArray partitions(LagNotice notice) {
        var partitions = new JsonArray();
        notice.partitions()
                .forEach(each -> partitions.add(new JsonObject()
                        .put("partition", each.partition())
                        .put("committed", Long.toString(each.committed()))
                        .put("lag", each.lag())
                        .put("state", each.state())));
        return partitions;
    }

    private JsonArray commands(LagNotice notice, String path) {
        var commands = new JsonArray().add(links.curl("/consumer-groups" + path));
        if (PLAIN.matcher(notice.group()).matches()) {
            commands.add("kafka-consumer-groups.sh --bootstrap-server \"$KAFKA\" --describe --group " + notice.group());
        }
        return commands;
    }
}
