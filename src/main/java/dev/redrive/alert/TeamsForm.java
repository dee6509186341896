package dev.redrive.alert;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * An Adaptive Card for a workflow of Microsoft Teams ("When a Teams webhook request is received"), 28 KB at most. Texts
 * are runs of a RichTextBlock, because a TextBlock takes Markdown and with it links that somebody else wrote.
 */
record TeamsForm(boolean allowsPayload) implements Form {

    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public Buffer body(OutboxStore.Claim claim) {
        return ChannelMessage.of(claim, allowsPayload).fitted(TeamsForm::render);
    }

    private static Buffer render(ChannelMessage message) {
        var body = new JsonArray()
                .add(paragraph(run(message.headline())
                        .put("weight", "Bolder")
                        .put("size", "Medium")
                        .put("color", color(message))));
        message.facts()
                .forEach((name, value) -> body.add(paragraph(run(name + ": ").put("weight", "Bolder"), run(value))));
        message.items().forEach(item -> body.add(paragraph(item(item))));
        var rest = message.rest();
        if (rest != null) {
            body.add(paragraph(run(rest)));
        }
        if (message.payload() != null) {
            body.add(paragraph(code(message.payload())));
        }
        message.commands().forEach(command -> body.add(paragraph(code(command))));
        var card = new JsonObject()
                .put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
                .put("type", "AdaptiveCard")
                .put("version", "1.4")
                .put("body", body)
                .put("actions", actions(message));
        var attachment = new JsonObject()
                .put("contentType", "application/vnd.microsoft.card.adaptive")
                .putNull("contentUrl")
                .put("content", card);
        return new JsonObject()
                .put("type", "message")
                .put("attachments", new JsonArray().add(attachment))
                .toBuffer();
    }

    private static String color(ChannelMessage message) {
        if (message.resolved()) {
            return "Good";
        }
        return switch (message.severity()) {
            case "critical", "error" -> "Attention";
            case "warning" -> "Warning";
            default -> "Default";
        };
    }

    private static JsonObject item(ChannelMessage.Item item) {
        var run = run("• " + item.title() + (item.count() == null ? "" : " (" + item.count() + ")"));
        return item.link() == null ? run : run.put("selectAction", open(item.link(), item.title()));
    }

    private static JsonArray actions(ChannelMessage message) {
        var actions = new JsonArray();
        add(actions, message.link(), "Open in Redrive");
        add(actions, message.runbook(), "Runbook");
        return actions;
    }

    private static void add(JsonArray actions, @Nullable String address, String title) {
        if (address != null) {
            actions.add(open(address, title));
        }
    }

    private static JsonObject open(String address, String title) {
        return new JsonObject()
                .put("type", "Action.OpenUrl")
                .put("title", title)
                .put("url", address);
    }

    private static JsonObject code(String text) {
        return run(text).put("fontType", "Monospace");
    }

    private static JsonObject run(String text) {
        return new JsonObject().put("type", "TextRun").put("text", text);
    }

    private static JsonObject paragraph(JsonObject... runs) {
        var inlines = new JsonArray();
        for (var run : runs) {
            inlines.add(run);
        }
        return new JsonObject().put("type", "RichTextBlock").put("inlines", inlines);
    }
}
