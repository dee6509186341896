package dev.redrive.alert;

import dev.redrive.cluster.TopicNotice;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.stream.Collectors;

/** That a dead-letter topic needs somebody, and when it does no more. */
final class TopicAlert {

    private final Links links;

    TopicAlert(Links links) {
        this.links = links;
    }

    AlertNotice notice(TopicNotice notice, Instant now) {
        var condition = switch (notice.kind()) {
            case EXPIRY -> Condition.EXPIRY;
            case TRANSACTION -> Condition.HANGING_TRANSACTION;
            case UNREADY -> Condition.TOPIC_UNREADY;
        };
        boolean whole = notice.partition() < 0;
        var subject =
                AlertSubject.topic(notice.cluster(), notice.topic(), whole ? "" : "partition " + notice.partition());
        var end = notice.end();
        if (end != null) {
            return switch (end) {
                case WELL -> AlertNotice.over(condition, subject, now);
                case NOT_READ -> AlertNotice.over(condition, subject, now, "It is not read any more.");
                case GONE ->
                    AlertNotice.over(condition, subject, now, "The topic is gone, or Redrive may not see it any more.");
            };
        }
        var path = "/topics/" + Texts.segment(notice.topic());
        var data = notice.details()
                .copy()
                .put("cluster", notice.cluster())
                .put("topic", notice.topic())
                .put("partition", whole ? null : notice.partition())
                .put("commands", commands(notice, path));
        return AlertNotice.of(condition, subject, title(notice), count(notice), notice.firedAt(), path, data);
    }

    private static String title(TopicNotice notice) {
        var details = notice.details();
        return switch (notice.kind()) {
            case EXPIRY ->
                "Unread letters of " + notice.topic() + " will expire: " + details.getInteger("headroomPercent")
                        + " % of " + details.getString("runsOut") + " are left";
            case TRANSACTION ->
                "A transaction that does not end holds back letters of " + notice.topic() + ", partition "
                        + notice.partition() + producer(details);
            case UNREADY ->
                notice.topic() + " is not ready any more: "
                        + list(details, "failing").stream().map(String::valueOf).collect(Collectors.joining(", "));
        };
    }

    private static long count(TopicNotice notice) {
        var details = notice.details();
        return switch (notice.kind()) {
            case EXPIRY -> details.getLong("lag", 1L);
            case TRANSACTION -> Math.max(1, list(details, "transactions").size());
            case UNREADY -> Math.max(1, list(details, "failing").size());
        };
    }

    private static String producer(JsonObject details) {
        var open = list(details, "transactions");
        return open.isEmpty()
                ? ""
                : ", begun by producer " + open.getJsonObject(0).getString("producerId");
    }

    /** A topic's name is plain: Kafka takes no other. */
    private JsonArray commands(TopicNotice notice, String path) {
        var commands = new JsonArray().add(links.curl(path + "/readiness"));
        var open = list(notice.details(), "transactions");
        if (!open.isEmpty()) {
            commands.add("kafka-transactions.sh --bootstrap-server \"$KAFKA\" abort --topic " + notice.topic()
                    + " --partition " + notice.partition() + " --start-offset "
                    + open.getJsonObject(0).getString("startOffset"));
        }
        return commands;
    }

    private static JsonArray list(JsonObject details, String name) {
        return details.getJsonArray(name, new JsonArray());
    }
}
