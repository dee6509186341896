package dev.redrive.grouping;

import dev.redrive.grouping.Triage.Snooze;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Times;
import dev.redrive.job.Noted;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A wish to change what is decided about a failure group; what is not named stays. The contract checks the types. */
record GroupPatch(
        Set<String> named,
        @Nullable Decision decision,
        @Nullable String assignee,
        List<String> tags,
        @Nullable String label,
        @Nullable String ticketUrl,
        @Nullable String runbookUrl) {

    /** @param triage word of the database: {@code none} opens it again */
    record Decision(String triage, @Nullable Snooze snooze) {}

    /** Then a letter that comes later brings the group back. */
    boolean resolves() {
        return decision != null && decision.triage().equals("resolved");
    }

    boolean has(String name) {
        return named.contains(name);
    }

    /** @throws RefusedException where it makes no sense */
    static GroupPatch of(JsonObject body) {
        return new GroupPatch(
                Set.copyOf(body.fieldNames()),
                decision(body),
                Noted.assignee(body.getValue("assignee"), "/assignee"),
                Noted.tags(body.getValue("tags", new JsonArray()), "/tags"),
                label(body.getString("label")),
                link(body, "ticketUrl"),
                link(body, "runbookUrl"));
    }

    private static @Nullable Decision decision(JsonObject body) {
        var state = body.getString("state");
        var snooze = body.getJsonObject("snooze");
        if ((snooze != null) != "snoozed".equals(state)) {
            throw invalid("/snooze", "state snoozed and snooze go together");
        }
        if (state == null) {
            return null;
        }
        return switch (state) {
            case "resolved" -> new Decision("resolved", null);
            case "ongoing" -> new Decision("none", null);
            default -> new Decision("snoozed", snooze(snooze == null ? new JsonObject() : snooze));
        };
    }

    private static Snooze snooze(JsonObject snooze) {
        var letters = snooze.getLong("letters");
        var rate = snooze.getInteger("rate");
        var until = snooze.getString("until");
        if (letters == null && rate == null && until == null) {
            throw invalid("/snooze", "Say until when: until, letters or rate");
        }
        try {
            var time = until == null ? null : Times.read(until);
            if (time != null && time.isBefore(OffsetDateTime.now(time.getOffset()))) {
                throw invalid("/snooze/until", "That is over");
            }
            return new Snooze(time, letters, rate);
        } catch (DateTimeException noTime) {
            throw invalid("/snooze/until", "A time such as 2026-11-24T08:00:00Z");
        }
    }

    private static @Nullable String label(@Nullable String label) {
        if (label != null && (label.isBlank() || label.chars().anyMatch(Character::isISOControl))) {
            throw invalid("/label", "A name without control characters, or null");
        }
        return label == null ? null : label.strip();
    }

    /** It becomes a link that people click, so no script may hide in it. */
    private static @Nullable String link(JsonObject body, String field) {
        var link = body.getString(field);
        if (link == null) {
            return null;
        }
        try {
            var uri = new URI(link);
            if (uri.getHost() != null
                    && Set.of("http", "https")
                            .contains(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT))) {
                return link;
            }
        } catch (URISyntaxException noLink) {
            // Refused below.
        }
        throw invalid("/" + field, "A link that begins with http:// or https://, or null");
    }

    private static RefusedException invalid(String pointer, String detail) {
        return RefusedException.invalidField(ProblemCode.VALIDATION_FAILED, pointer, detail);
    }
}
