package dev.redrive.alert;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/**
 * The other end of a channel as its documentation describes it: takes what is right, answers 400 to everything else, and
 * remembers what is open where the API has such a thing.
 */
final class ChannelReceiver implements AutoCloseable {

    /** A body that was right, and when it came. */
    record Taken(String body, String host, long nanos) {}

    private static final Pattern SLACK_LINK = Pattern.compile("<https?://[^<>|\\s]+\\|[^<>]+>");
    private static final Set<String> SEVERITIES = Set.of("critical", "error", "warning", "info");

    final List<Taken> taken = new CopyOnWriteArrayList<>();
    final List<String> refused = new CopyOnWriteArrayList<>();

    /** Of PagerDuty by dedup_key, of Alertmanager by labels: what is open now. */
    final Map<String, String> open = new HashMap<>();

    private final EndpointKind kind;
    private final HttpServer server;

    ChannelReceiver(Vertx vertx, EndpointKind kind) {
        this.kind = kind;
        this.server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> receive(request, body)))
                .listen(0, "127.0.0.1")
                .await();
    }

    int port() {
        return server.actualPort();
    }

    /** As a person would give it. */
    String address() {
        var url = "http://127.0.0.1:" + port();
        return switch (kind) {
            case PAGERDUTY -> "pagerduty:R0123456789ABCDEF@" + url;
            case ALERTMANAGER, HEARTBEAT -> url;
            default -> url + "/services/T0/B0/secret";
        };
    }

    Endpoint endpoint(boolean allowsPayload) {
        return new Endpoint(kind.word(), kind, AddressReader.read(kind, address()), null, allowsPayload, false);
    }

    private synchronized void receive(HttpServerRequest request, Buffer body) {
        try {
            require(
                    kind == EndpointKind.HEARTBEAT || "application/json".equals(request.getHeader("content-type")),
                    "content type");
            int status = switch (kind) {
                case SLACK -> slack(body.toJsonObject());
                case TEAMS -> teams(body);
                case PAGERDUTY -> pagerDuty(request.path(), body.toJsonObject());
                case ALERTMANAGER -> alertmanager(request.path(), body.toJsonArray());
                default -> 200;
            };
            taken.add(new Taken(body.toString(), String.valueOf(request.authority()), System.nanoTime()));
            request.response().setStatusCode(status).end();
        } catch (RuntimeException wrong) {
            refused.add(String.valueOf(wrong.getMessage()));
            request.response().setStatusCode(400).end("invalid");
        }
    }

    private static void require(boolean right, String what) {
        if (!right) {
            throw new IllegalArgumentException(what);
        }
    }

    /** docs.slack.dev: incoming webhooks, Block Kit, formatting of text. */
    private static int slack(JsonObject message) {
        require(message.fieldNames().equals(Set.of("text", "blocks")), "fields");
        slackText(message.getString("text"), 40_000);
        var blocks = message.getJsonArray("blocks");
        require(!blocks.isEmpty() && blocks.size() <= 50, "blocks");
        for (var each : blocks) {
            var block = (JsonObject) each;
            require("section".equals(block.getString("type")), "block type");
            if (block.containsKey("text")) {
                slackObject(block.getJsonObject("text"), 3_000);
            }
            var fields = block.getJsonArray("fields", new JsonArray());
            require(fields.size() <= 10 && (block.containsKey("text") || !fields.isEmpty()), "fields of a section");
            fields.forEach(field -> slackObject((JsonObject) field, 2_000));
        }
        return 200;
    }

    private static void slackObject(JsonObject text, int most) {
        require("mrkdwn".equals(text.getString("type")) && text.getBoolean("verbatim"), "text object");
        slackText(text.getString("text"), most);
    }

    /** No control sequence but a link that leads where we say. */
    private static void slackText(String text, int most) {
        require(!text.isEmpty() && text.length() <= most, "length " + text.length());
        var rest = SLACK_LINK.matcher(text).replaceAll("");
        require(!rest.contains("<") && !rest.contains(">"), "control sequence in " + rest);
        require(!Pattern.compile("&(?!amp;|lt;|gt;)").matcher(text).find(), "unescaped & in " + text);
    }

    /** learn.microsoft.com: workflows take an Adaptive Card in a message, 28 KB at most; TextBlocks take Markdown. */
    private static int teams(Buffer body) {
        require(body.length() <= 28 * 1024, "size");
        var message = body.toJsonObject();
        require("message".equals(message.getString("type")), "type");
        var attachment = message.getJsonArray("attachments").getJsonObject(0);
        require("application/vnd.microsoft.card.adaptive".equals(attachment.getString("contentType")), "contentType");
        var card = attachment.getJsonObject("content");
        require("AdaptiveCard".equals(card.getString("type")) && card.getString("version") != null, "card");
        for (var element : card.getJsonArray("body")) {
            require("RichTextBlock".equals(((JsonObject) element).getString("type")), "element");
            for (var inline : ((JsonObject) element).getJsonArray("inlines")) {
                var run = (JsonObject) inline;
                require("TextRun".equals(run.getString("type")) && run.getString("text") != null, "run");
            }
        }
        for (var action : card.getJsonArray("actions")) {
            var open = (JsonObject) action;
            require("Action.OpenUrl".equals(open.getString("type")), "action");
            require(open.getString("url").matches("https?://\\S+"), "url");
        }
        return 202;
    }

    /** developer.pagerduty.com: Events API v2. */
    private int pagerDuty(String path, JsonObject event) {
        require(path.equals("/v2/enqueue"), "path");
        require("R0123456789ABCDEF".equals(event.getString("routing_key")), "routing_key");
        var known = Set.of(
                "routing_key", "event_action", "dedup_key", "client", "client_url", "payload", "links", "images");
        require(known.containsAll(event.fieldNames()), "unknown field");
        var key = event.getString("dedup_key");
        require(!key.isEmpty() && key.length() <= 255, "dedup_key");
        var payload = event.getJsonObject("payload");
        var summary = payload.getString("summary");
        require(!summary.isEmpty() && summary.length() <= 1024, "summary");
        require(!payload.getString("source").isEmpty(), "source");
        require(SEVERITIES.contains(payload.getString("severity")), "severity");
        OffsetDateTime.parse(payload.getString("timestamp"));
        switch (event.getString("event_action")) {
            case "trigger" -> open.put(key, summary);
            case "resolve" -> open.remove(key);
            default -> throw new IllegalArgumentException("event_action");
        }
        return 202;
    }

    /** prometheus/alertmanager, api/v2/openapi.yaml: postableAlerts. */
    private int alertmanager(String path, JsonArray alerts) {
        require(path.equals("/api/v2/alerts") && !alerts.isEmpty(), "path");
        for (var each : alerts) {
            var alert = (JsonObject) each;
            require(
                    Set.of("labels", "annotations", "startsAt", "endsAt", "generatorURL")
                            .containsAll(alert.fieldNames()),
                    "unknown field");
            var labels = alert.getJsonObject("labels");
            require(!labels.getString("alertname", "").isEmpty(), "alertname");
            labels.forEach(label -> require(
                    label.getKey().matches("[a-zA-Z_][a-zA-Z0-9_]*") && label.getValue() instanceof String, "label"));
            alert.getJsonObject("annotations")
                    .forEach(note -> require(note.getValue() instanceof String, "annotation"));
            var starts = OffsetDateTime.parse(alert.getString("startsAt"));
            var ends = OffsetDateTime.parse(alert.getString("endsAt"));
            require(!ends.isBefore(starts), "ends before it starts");
            require(alert.getString("generatorURL", "http://x").matches("https?://\\S+"), "generatorURL");
            if (ends.isAfter(OffsetDateTime.now())) {
                open.put(labels.encode(), alert.getString("endsAt"));
            } else {
                open.remove(labels.encode());
            }
        }
        return 200;
    }

    @Override
    public void close() {
        server.close().await();
    }
}
