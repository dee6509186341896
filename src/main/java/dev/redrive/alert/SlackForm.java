package dev.redrive.alert;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * Block Kit for an incoming webhook (docs.slack.dev). The three characters that begin a mention, a link or an entity are
 * escaped in everything that we did not write, and {@code verbatim} keeps Slack from finding links and mentions by
 * itself.
 */
record SlackForm(boolean allowsPayload) implements Form {

    /** A section takes 3,000 characters and a field 2,000. */
    private static final int TEXT = 2_900;

    private static final int FIELDS = 10;

    @Override
    public String contentType() {
        return "application/json";
    }

    @Override
    public Buffer body(OutboxStore.Claim claim) {
        return ChannelMessage.of(claim, allowsPayload).fitted(SlackForm::render);
    }

    private static Buffer render(ChannelMessage message) {
        var blocks = new JsonArray().add(section("*" + escaped(message.headline()) + "*"));
        var fields = new JsonArray();
        message.facts().entrySet().stream()
                .limit(FIELDS)
                .forEach(fact -> fields.add(mrkdwn("*" + fact.getKey() + "*\n" + escaped(fact.getValue()))));
        if (!fields.isEmpty()) {
            blocks.add(new JsonObject().put("type", "section").put("fields", fields));
        }
        message.items().forEach(item -> blocks.add(section("• " + item(item))));
        add(blocks, message.rest());
        if (message.payload() != null) {
            blocks.add(section(code(message.payload())));
        }
        message.commands().forEach(command -> blocks.add(section(code(command))));
        var links = link(message.link(), "Open in Redrive") + "   " + link(message.runbook(), "Runbook");
        add(blocks, links.isBlank() ? null : links.strip());
        return new JsonObject()
                .put("text", escaped(message.headline()))
                .put("blocks", blocks)
                .toBuffer();
    }

    private static void add(JsonArray blocks, @Nullable String text) {
        if (text != null) {
            blocks.add(section(text));
        }
    }

    private static String item(ChannelMessage.Item item) {
        var count = item.count() == null ? "" : " (" + escaped(item.count()) + ")";
        return (item.link() == null ? escaped(item.title()) : link(item.link(), item.title())) + count;
    }

    private static String link(@Nullable String address, String label) {
        return address == null ? "" : "<" + escaped(address).replace("|", "%7C") + "|" + escaped(label) + ">";
    }

    /** A fence within would end the block. */
    private static String code(String text) {
        return "```" + escaped(text.replace('`', '´')) + "```";
    }

    private static String escaped(String text) {
        var escaped = new StringBuilder();
        for (char c : text.toCharArray()) {
            var next = switch (c) {
                case '&' -> "&amp;";
                case '<' -> "&lt;";
                case '>' -> "&gt;";
                default -> String.valueOf(c);
            };
            if (escaped.length() + next.length() > TEXT) {
                return escaped + "…";
            }
            escaped.append(next);
        }
        return escaped.toString();
    }

    private static JsonObject section(String text) {
        return new JsonObject().put("type", "section").put("text", mrkdwn(text));
    }

    private static JsonObject mrkdwn(String text) {
        return new JsonObject().put("type", "mrkdwn").put("text", text).put("verbatim", true);
    }
}
