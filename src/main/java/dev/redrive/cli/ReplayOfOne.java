package dev.redrive.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One letter: looked at, checked, and sent as it was seen. */
final class ReplayOfOne {

    /** Redrive tells at once when the record is committed; that is mostly within a second. */
    private static final String AT_ONCE = "wait=10";

    private final Api api;
    private final Output output;
    private final Order order;
    private final List<String> overrides;

    ReplayOfOne(Api api, Output output, Order order, List<String> overrides) {
        this.api = api;
        this.output = output;
        this.order = order;
        this.overrides = overrides;
    }

    /** @param asked source that somebody named; null to take the only one that makes sense */
    Exit send(String id, @Nullable String asked) {
        var path = "/dead-letters/" + id;
        var letter = api.get(path).orFail().body();
        var source = asked == null ? source(letter) : asked;
        var check = api.post(path + "/checks", new JsonObject().put("source", source))
                .orFail()
                .body();
        output.aside(checks(check));
        if (isRefused(check)) {
            throw new Failure(Exit.REFUSED, "A check refuses this replay", advice(check));
        }
        if (order.dryRun) {
            if (output.isJson()) {
                output.json(check);
            }
            return Exit.OK;
        }
        var headers = new ArrayList<>(
                List.of(Api.KEY, order.key(output), "If-Match", "\"v" + letter.getInteger("version") + "\""));
        if (order.wait != null && order.wait > 0) {
            headers.addAll(List.of("Prefer", AT_ONCE));
        }
        var asking = api.post(path + "/replays", body(letter, source), headers.toArray(String[]::new));
        var replay = asking.orFail().body();
        return order.wait == null ? told(replay, Exit.OK) : end(new Waiting(api, output, order.wait).forReplay(replay));
    }

    private static String source(JsonObject letter) {
        if (letter.getJsonObject("draft") != null) {
            throw Failure.usage("This letter was edited: say --source draft or --source original");
        }
        if (!letter.getString("payload").equals("present")) {
            throw Failure.usage(
                    "This letter has no payload of its own: --source origin-record fetches the record from Kafka");
        }
        return "original";
    }

    private JsonObject body(JsonObject letter, String source) {
        var body = new JsonObject().put("source", source);
        if (source.equals("draft") && letter.getJsonObject("draft") != null) {
            body.put("draftVersion", letter.getJsonObject("draft").getInteger("version"));
        }
        if (order.reason != null) {
            body.put("reason", order.reason);
        }
        return overrides.isEmpty() ? body : body.put("overrides", new JsonArray(overrides));
    }

    /** What may be overridden and is, is left to the replay itself. */
    private boolean isRefused(JsonObject check) {
        var needed = needed(check);
        return !check.getBoolean("ok") && (needed.isEmpty() || !new HashSet<>(overrides).containsAll(needed));
    }

    private static List<String> needed(JsonObject check) {
        return check.getJsonArray("overrides").stream().map(String::valueOf).toList();
    }

    private static @Nullable String advice(JsonObject check) {
        var needed = needed(check);
        return needed.isEmpty()
                ? "What is wrong is listed above."
                : "To send in spite of it: --override " + String.join(" --override ", needed);
    }

    private static Table checks(JsonObject check) {
        var table = new Table("CHECK", "RESULT", "DETAIL");
        Answer.objects(check.getJsonArray("checks"))
                .forEach(one -> table.row(one.getString("id"), one.getString("level"), one.getString("detail")));
        return table;
    }

    private Exit end(JsonObject replay) {
        return told(
                replay,
                switch (replay.getString("state")) {
                    case "done" -> Exit.OK;
                    case "failed", "cancelled" -> Exit.PARTLY;
                    default -> Exit.UNKNOWN;
                });
    }

    private Exit told(JsonObject replay, Exit exit) {
        if (output.isJson()) {
            output.json(replay);
            return exit;
        }
        var target = replay.getJsonObject("target");
        output.text(new Table()
                .row("replay", replay.getString("id"))
                .row("letter", replay.getString("letterId"))
                .row("state", replay.getString("state"))
                .row("outcome", replay.getString("outcome"))
                .row(
                        "target",
                        target.getString("topic") + " " + target.getValue("partition") + "@"
                                + target.getValue("offset"))
                .row("mode", replay.getString("mode"))
                .row("copies", copies(replay))
                .row("error", replay.getString("error")));
        return exit;
    }

    /** Where readers of uncommitted data may have met the record as well; null where nowhere. */
    private static @Nullable String copies(JsonObject replay) {
        var places = Answer.objects(replay.getJsonArray("abortedCopies")).stream()
                .map(copy -> copy.getValue("partition") + "@" + copy.getValue("offset"))
                .collect(Collectors.toCollection(ArrayList::new));
        if (replay.getBoolean("abortedCopyUnknown")) {
            places.add(places.isEmpty() ? "perhaps one" : "perhaps one more");
        }
        return places.isEmpty() ? null : "aborted: " + String.join(", ", places);
    }
}
