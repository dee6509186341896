package dev.redrive.alert;

import dev.redrive.http.Times;
import io.vertx.core.buffer.Buffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a message for people says, read from the data of an event and bounded. Whatever is missing in the data is missing
 * here. Texts hold no control characters; they may still hold whatever a channel takes for markup.
 *
 * @param status {@code firing}, {@code resolved} or {@code info}
 * @param severity {@code critical}, {@code error}, {@code warning} or {@code info}
 * @param alert which condition, such as {@code consumer-lag}; the event's type where the data does not say
 * @param facts name and value, in the order in which they are shown
 * @param items what one message carries together
 * @param more how many it does not show
 * @param payload null unless the endpoint may see it
 */
record ChannelMessage(
        String id,
        String event,
        String episode,
        Instant at,
        String title,
        String status,
        String severity,
        String alert,
        Map<String, String> facts,
        @Nullable String link,
        @Nullable String runbook,
        List<String> commands,
        List<Item> items,
        long more,
        @Nullable String payload) {

    /** As Standard Webhooks asks for; Teams takes 28 KB and the others more. */
    static final int MOST_BYTES = 20_000;

    private static final int MOST_ITEMS = 10;
    private static final List<String> SEVERITIES = List.of("critical", "error", "warning", "info");

    record Item(
            String title, @Nullable String link, @Nullable String count) {}

    ChannelMessage {
        facts = new LinkedHashMap<>(facts);
        commands = List.copyOf(commands);
        items = List.copyOf(items);
    }

    /** @param allowsPayload whether the endpoint may see bytes of a letter */
    static ChannelMessage of(OutboxStore.Claim claim, boolean allowsPayload) {
        var data = AlertData.of(claim.data());
        var type = claim.event();
        var status = data.text("status", 20);
        if (status == null) {
            status = type.endsWith(".firing") ? "firing" : type.endsWith(".resolved") ? "resolved" : "info";
        }
        var severity = data.text("severity", 20);
        var alert = data.text("alert", 60);
        return new ChannelMessage(
                claim.webhookId(),
                type,
                claim.episode(),
                claim.createdAt(),
                data.text("title", 300, type),
                status,
                severity != null && SEVERITIES.contains(severity) ? severity : usual(type),
                alert == null ? type : alert,
                data.facts(claim.createdAt()),
                data.link("link"),
                data.link("runbook"),
                data.texts("commands", 2, 500),
                data.items(),
                data.number("more"),
                allowsPayload ? data.text("payload", 1_000) : null);
    }

    /** What an event is where no rule says it. */
    private static String usual(String type) {
        return switch (type) {
            case "redrive.ingest.gap", "redrive.replay.hold", DeadAlert.DEAD, DeadAlert.DISABLED -> "error";
            case TestAlert.TYPE -> "info";
            default -> "warning";
        };
    }

    /** Since when it is so; when it was told where the event does not say. */
    Instant since() {
        var since = facts.get("Since");
        try {
            return since == null ? at : Times.read(since).toInstant();
        } catch (DateTimeException otherwise) {
            return at;
        }
    }

    boolean resolved() {
        return status.equals("resolved");
    }

    /** The first line of every channel. */
    String headline() {
        return switch (status) {
            case "resolved" -> "Resolved: " + title;
            case "firing" -> severity.toUpperCase(Locale.ROOT) + ": " + title;
            default -> title;
        };
    }

    /** What is not shown, in words; null when all is. */
    @Nullable
    String rest() {
        return more == 0 ? null : "and " + more + " more";
    }

    /**
     * Leaves out what does not fit, and says how much: first alerts from the end, then the payload, then facts.
     *
     * @return what the form makes of as much as fits in {@link #MOST_BYTES}
     */
    Buffer fitted(Function<ChannelMessage, Buffer> form) {
        for (int shown = Math.min(MOST_ITEMS, items.size()); shown >= 0; shown--) {
            var body = form.apply(showing(shown));
            if (body.length() <= MOST_BYTES) {
                return body;
            }
        }
        var bare = showing(0).bare(facts);
        var body = form.apply(bare);
        return body.length() <= MOST_BYTES ? body : form.apply(bare.bare(Map.of()));
    }

    private ChannelMessage showing(int shown) {
        return copy(facts, items.subList(0, shown), more + items.size() - shown, payload);
    }

    private ChannelMessage bare(Map<String, String> kept) {
        return copy(kept, items, more, null);
    }

    private ChannelMessage copy(Map<String, String> kept, List<Item> shown, long left, @Nullable String bytes) {
        return new ChannelMessage(
                id, event, episode, at, title, status, severity, alert, kept, link, runbook, commands, shown, left,
                bytes);
    }
}
