package dev.redrive.alert;

import dev.redrive.alert.AlertRule.Spec;
import dev.redrive.filter.FilterException;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.http.Times;
import dev.redrive.letter.LetterWatchStore;
import dev.redrive.letter.TopicRateStore;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rules as the API reads and shows them. What cannot be watched is refused as a whole. */
final class AlertRuleJson {

    private static final Duration LONGEST = Duration.ofDays(30);
    private static final Duration LONGEST_COUNTED = Duration.ofDays(7);
    private static final double MOST_LETTERS = 100_000;

    private AlertRuleJson() {}

    /** @throws RefusedException where a field is wrong, or the query is none for the condition */
    static Spec read(JsonObject body) {
        var condition = Condition.of(body.getString("condition"));
        var query = query(condition, body.getString("query"));
        return new Spec(
                name(body.getString("name")),
                body.getBoolean("enabled", true),
                condition,
                query,
                threshold(condition, body.getValue("threshold") instanceof Number number ? number.doubleValue() : null),
                window(condition, body.getString("window")),
                duration(body, "forDuration", Duration.ZERO),
                body.getString("severity"),
                endpoints(body.getJsonArray("endpointIds", new JsonArray())),
                duration(body, "repeatInterval", Duration.ofHours(4)),
                duration(body, "groupWait", Duration.ofSeconds(30)),
                duration(body, "groupInterval", Duration.ofMinutes(5)),
                runbook(body.getString("runbookUrl")),
                body.getBoolean("showPayload", false));
    }

    private static RefusedException invalid(String field, String detail) {
        return RefusedException.invalidField(ProblemCode.VALIDATION_FAILED, "/" + field, detail);
    }

    private static String name(String given) {
        var name = given.strip();
        if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
            throw invalid("name", "A name of 1 to 100 characters, without control characters");
        }
        return name;
    }

    private static @Nullable String query(Condition condition, @Nullable String given) {
        if (given == null || given.isBlank()) {
            return null;
        }
        if (given.indexOf('\0') >= 0) {
            throw invalid("query", "A filter holds no NUL");
        }
        try {
            switch (condition) {
                case LETTERS -> LetterWatchStore.checkArrived(given);
                case OLDEST_OPEN -> LetterWatchStore.checkWaiting(given);
                case TOPIC_ESCALATING -> TopicRateStore.check(given);
                default -> SubjectFilter.of(given, condition.asks().fields());
            }
            return given.strip();
        } catch (FilterException wrong) {
            throw refused(wrong, "/query");
        }
    }

    /** @param pointer of the field with the filter */
    static RefusedException refused(FilterException wrong, String pointer) {
        var error = new JsonObject().put("pointer", pointer).put("detail", wrong.getMessage());
        return new RefusedException(
                ProblemCode.QUERY_INVALID,
                String.valueOf(wrong.getMessage()),
                new JsonObject(wrong.place()).put("errors", new JsonArray().add(error)));
    }

    private static @Nullable Double threshold(Condition condition, @Nullable Double given) {
        if (given == null) {
            return null;
        }
        boolean fits = switch (condition) {
            case LETTERS -> given >= 1 && given <= MOST_LETTERS;
            case OLDEST_OPEN -> given >= 1;
            case ESCALATING, TOPIC_ESCALATING -> given > 1 && given <= 1_000;
            case CONSUMER_LAG, INGEST_LAG -> given >= 0;
            case EXPIRY -> given > 0 && given <= 50;
            default -> throw invalid("threshold", "The condition " + condition.word() + " has no threshold");
        };
        if (!fits) {
            throw invalid(
                    "threshold", "letters: 1 to 100000; escalating: a factor above 1; expiry: 50 percent or less");
        }
        return given;
    }

    private static @Nullable Duration window(Condition condition, @Nullable String given) {
        if (given == null) {
            return null;
        }
        var window = duration("window", given);
        switch (condition) {
            case LETTERS -> within(window, Duration.ofMinutes(1), LONGEST_COUNTED);
            case ESCALATING, TOPIC_ESCALATING -> within(window, Duration.ofHours(1), Duration.ofDays(1));
            case OLDEST_OPEN -> within(window, Duration.ofHours(1), LONGEST);
            case STUCK_CONSUMER -> within(window, Duration.ofMinutes(1), LONGEST_COUNTED);
            default -> throw invalid("window", "The condition " + condition.word() + " has no window");
        }
        return window;
    }

    private static void within(Duration given, Duration least, Duration most) {
        if (given.compareTo(least) < 0 || given.compareTo(most) > 0) {
            throw invalid("window", "From " + least + " to " + most);
        }
    }

    private static Duration duration(JsonObject body, String field, Duration absent) {
        var given = body.getString(field);
        return given == null ? absent : duration(field, given);
    }

    private static Duration duration(String field, String given) {
        try {
            var duration = Duration.parse(given);
            if (!duration.isNegative() && duration.compareTo(LONGEST) <= 0 && duration.getNano() == 0) {
                return duration;
            }
        } catch (DateTimeException | ArithmeticException noDuration) {
            throw invalid(field, "A duration such as PT5M");
        }
        throw invalid(field, "Whole seconds, from PT0S to P30D");
    }

    private static List<Integer> endpoints(JsonArray given) {
        var ids = new ArrayList<Integer>();
        for (int i = 0; i < given.size(); i++) {
            try {
                ids.add(Integer.valueOf(given.getString(i)));
            } catch (NumberFormatException noId) {
                throw invalid("endpointIds/" + i, "There is no endpoint " + given.getString(i));
            }
        }
        return ids;
    }

    private static @Nullable String runbook(@Nullable String given) {
        if (given == null) {
            return null;
        }
        try {
            var address = URI.create(given);
            boolean web = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
            if (web && address.getHost() != null) {
                return given;
            }
        } catch (IllegalArgumentException noAddress) {
            throw invalid("runbookUrl", "An address that begins with https:// or http://");
        }
        throw invalid("runbookUrl", "An address that begins with https:// or http://");
    }

    /** @param row with {@code firing} and {@code last_fired_at} */
    static JsonObject toJson(Row row) {
        var rule = AlertRule.from(row);
        var spec = rule.spec();
        long firing = row.getLong("firing");
        return spec(spec)
                .put("id", Long.toString(rule.id()))
                .put("version", rule.version())
                .put("builtIn", rule.builtIn())
                .put("state", firing > 0 ? "firing" : "ok")
                .put("firing", firing)
                .put("lastFiredAt", Times.rfc3339(row.getOffsetDateTime("last_fired_at")))
                .put("updatedBy", row.getString("updated_by"))
                .put("updatedAt", Times.rfc3339(row.getOffsetDateTime("updated_at")));
    }

    static JsonObject spec(Spec spec) {
        var window = spec.window();
        return new JsonObject()
                .put("name", spec.name())
                .put("enabled", spec.enabled())
                .put("condition", spec.condition().word())
                .put("query", spec.query())
                .put("threshold", spec.threshold())
                .put("window", window == null ? null : window.toString())
                .put("forDuration", spec.holds().toString())
                .put("severity", spec.severity())
                .put(
                        "endpointIds",
                        new JsonArray(
                                spec.endpoints().stream().map(String::valueOf).toList()))
                .put("repeatInterval", spec.repeat().toString())
                .put("groupWait", spec.groupWait().toString())
                .put("groupInterval", spec.groupInterval().toString())
                .put("runbookUrl", spec.runbookUrl())
                .put("showPayload", spec.showPayload());
    }
}
