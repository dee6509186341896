package dev.redrive.alert;

import dev.redrive.cluster.TopicNotice;
import dev.redrive.http.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Tells that a dead-letter topic needs somebody, and when it does no more. */
final class TopicAlert {

    private static final String FIRING = "redrive.alert.firing";
    private static final String RESOLVED = "redrive.alert.resolved";
    private static final String UNREADY = "redrive.topic.unready";

    private final Links links;

    TopicAlert(Links links) {
        this.links = links;
    }

    AlertEvent event(TopicNotice notice) {
        var path = "/topics/" + URLEncoder.encode(notice.topic(), StandardCharsets.UTF_8);
        boolean unready = notice.kind().equals("unready");
        var data = new JsonObject()
                .put("alert", "topic-" + notice.kind())
                .put("episodeId", Long.toString(notice.episode()))
                .put("title", notice.resolved() ? over(notice) : title(notice))
                .put("cluster", notice.cluster())
                .put("topic", notice.topic())
                .put("partition", notice.partition() < 0 ? null : notice.partition())
                .put("firedAt", Times.rfc3339(notice.firedAt()))
                .mergeIn(notice.details())
                .put("link", links.page(path))
                .put("commands", commands(notice, path));
        return new AlertEvent(
                notice.resolved() ? RESOLVED : unready ? UNREADY : FIRING, "topic:" + notice.episode(), null, data);
    }

    private static String title(TopicNotice notice) {
        var details = notice.details();
        return switch (notice.kind()) {
            case "expiry" ->
                "Unread letters of " + notice.topic() + " will expire: " + details.getInteger("headroomPercent")
                        + " % of " + details.getString("runsOut") + " are left";
            case "transaction" ->
                "A transaction that does not end holds back letters of " + place(notice) + producer(details);
            default ->
                notice.topic() + " is not ready any more: "
                        + String.join(
                                ", ",
                                details.getJsonArray("failing", new JsonArray()).stream()
                                        .map(String::valueOf)
                                        .toList());
        };
    }

    private static String over(TopicNotice notice) {
        return switch (notice.kind()) {
            case "expiry" -> "Letters of " + notice.topic() + " are stored in time again";
            case "transaction" -> "No transaction holds back letters of " + place(notice) + " any more";
            default -> notice.topic() + " is ready again";
        };
    }

    private static String place(TopicNotice notice) {
        return notice.topic() + ", partition " + notice.partition();
    }

    private static String producer(JsonObject details) {
        var open = details.getJsonArray("transactions", new JsonArray());
        return open.isEmpty()
                ? ""
                : ", begun by producer " + open.getJsonObject(0).getString("producerId");
    }

    /** A topic's name is plain: Kafka takes no other. */
    private JsonArray commands(TopicNotice notice, String path) {
        var commands = new JsonArray().add(links.curl(path + "/readiness"));
        var open = notice.details().getJsonArray("transactions", new JsonArray());
        if (!notice.resolved() && !open.isEmpty()) {
            commands.add("kafka-transactions.sh --bootstrap-server \"$KAFKA\" abort --topic " + notice.topic()
                    + " --partition " + notice.partition() + " --start-offset "
                    + open.getJsonObject(0).getString("startOffset"));
        }
        return commands;
    }
}
