package dev.redrive.alert;

import dev.redrive.http.Times;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;

/**
 * An alert for {@code POST /api/v2/alerts} of Prometheus Alertmanager. Its labels are what an alert is, so firing and
 * resolved have the same. Alertmanager takes an alert for resolved that nobody sends again within minutes, unless it has
 * an end; ours is renewed by each repetition of the rule.
 */
record AlertmanagerForm(String publicUrl, boolean allowsPayload) implements Form {

    private static final Duration FIRES = Duration.ofHours(24);

    /** What nobody resolves. */
    private static final Duration INFORMS = Duration.ofHours(1);

    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public Buffer body(OutboxStore.Claim claim) {
        return ChannelMessage.of(claim, allowsPayload).fitted(this::render);
    }

    private Buffer render(ChannelMessage message) {
        var alert = new JsonObject()
                .put("labels", labels(message))
                .put("annotations", annotations(message))
                .put("startsAt", Times.rfc3339(start(message)))
                .put("endsAt", Times.rfc3339(message.at().plus(end(message))));
        if (message.link() != null) {
            alert.put("generatorURL", message.link());
        }
        return new JsonArray().add(alert).toBuffer();
    }

    /** An alert that ends begins before it, also where nobody knows when, or another clock said so. */
    private static Instant start(ChannelMessage message) {
        var latest = message.resolved() ? message.at().minusMillis(1) : message.at();
        var since = message.since();
        return since.isBefore(latest) ? since : latest;
    }

    private static Duration end(ChannelMessage message) {
        return switch (message.status()) {
            case "resolved" -> Duration.ZERO;
            case "firing" -> FIRES;
            default -> INFORMS;
        };
    }

    private JsonObject labels(ChannelMessage message) {
        var labels = new JsonObject()
                .put("alertname", "Redrive " + message.alert())
                .put("redrive", publicUrl)
                .put("episode", message.episode())
                .put("severity", message.severity());
        label(labels, message, "topic", "Topic");
        label(labels, message, "consumer_group", "Consumer group");
        label(labels, message, "cluster", "Cluster");
        return labels;
    }

    private static void label(JsonObject labels, ChannelMessage message, String name, String fact) {
        var value = message.facts().get(fact);
        if (value != null) {
            labels.put(name, value);
        }
    }

    private static JsonObject annotations(ChannelMessage message) {
        var annotations = new JsonObject().put("summary", message.title());
        var description = new StringBuilder();
        message.facts()
                .forEach((name, value) ->
                        description.append(name).append(": ").append(value).append('\n'));
        message.items()
                .forEach(item -> description
                        .append(item.title())
                        .append(item.count() == null ? "" : " (" + item.count() + ")")
                        .append('\n'));
        var rest = message.rest();
        description.append(rest == null ? "" : rest + "\n");
        if (message.payload() != null) {
            description.append(message.payload()).append('\n');
        }
        annotations.put("description", description.toString());
        annotations.put("commands", String.join("\n", message.commands()));
        if (message.runbook() != null) {
            annotations.put("runbook_url", message.runbook());
        }
        return annotations;
    }
}
