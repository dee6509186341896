package dev.redrive.alert;

import io.vertx.core.buffer.Buffer;

/** The text of a mail; its first line is the subject. No HTML: there is nothing in it that could act. */
record MailForm(boolean allowsPayload) implements Form {

    @Override
    public String contentType() {
        return "text/plain";
    }

    @Override
    public Buffer body(OutboxStore.Claim claim) {
        return ChannelMessage.of(claim, allowsPayload).fitted(message -> Buffer.buffer(render(message)));
    }

    private static String render(ChannelMessage message) {
        var text = new StringBuilder(message.headline()).append("\n\n");
        message.facts()
                .forEach((name, value) ->
                        text.append(name).append(": ").append(value).append('\n'));
        text.append('\n');
        message.items().forEach(item -> {
            text.append("- ").append(item.title());
            text.append(item.count() == null ? "" : " (" + item.count() + ")");
            text.append(item.link() == null ? "" : "\n  " + item.link()).append('\n');
        });
        var rest = message.rest();
        text.append(rest == null ? "" : rest + "\n");
        if (message.payload() != null) {
            text.append('\n').append(message.payload()).append('\n');
        }
        text.append(message.link() == null ? "" : "\nOpen in Redrive: " + message.link() + "\n");
        text.append(message.runbook() == null ? "" : "Runbook: " + message.runbook() + "\n");
        message.commands().forEach(command -> text.append('\n').append(command).append('\n'));
        return text.toString();
    }
}
