package dev.redrive.retention;

import static java.util.Objects.requireNonNull;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.letter.Status;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How long letters keep their bytes. Of several rules the first that fits a letter decides.
 *
 * @param topics names of dead-letter topics, {@code *} for any characters; none means every topic
 * @param failureGroup null for every group
 * @param purgesOpen said besides the status, where open letters are meant
 */
record RetentionRule(
        List<String> topics,
        List<Status> statuses,
        @Nullable Long failureGroup,
        KeepFor keepFor,
        boolean purgesOpen) {

    /** What is being replayed is never purged, and what is purged is so already. */
    private static final Set<Status> NEVER = EnumSet.of(Status.REPLAYING, Status.PURGED);

    RetentionRule {
        topics = List.copyOf(topics);
        statuses = List.copyOf(statuses);
    }

    static RetentionRule from(Row row) {
        return new RetentionRule(
                Arrays.asList(row.getArrayOfStrings("topics")),
                Arrays.stream(row.getArrayOfStrings("statuses")).map(Status::of).toList(),
                row.getLong("failure_group_id"),
                KeepFor.ofSeconds(row.getLong("keep_seconds")),
                row.getBoolean("purges_open"));
    }

    /** @param rules checked against the contract. @throws RefusedException with the place of what makes no sense */
    static List<RetentionRule> read(JsonArray rules) {
        var read = new ArrayList<RetentionRule>();
        for (int i = 0; i < rules.size(); i++) {
            read.add(read(rules.getJsonObject(i), "/rules/" + i));
        }
        return read;
    }

    private static RetentionRule read(JsonObject rule, String at) {
        var statuses = strings(rule, "statuses").stream()
                .map(Status::of)
                .distinct()
                .sorted()
                .toList();
        for (var status : statuses) {
            if (NEVER.contains(status)) {
                throw invalid(at + "/statuses", "Letters that are " + status.word() + " are never purged by a rule");
            }
        }
        boolean purgesOpen = rule.getBoolean("purgesOpenLetters", false);
        if (purgesOpen != statuses.contains(Status.OPEN)) {
            throw invalid(
                    at + "/purgesOpenLetters",
                    purgesOpen
                            ? "The rule does not name the status open"
                            : "Open letters are work that nobody has done yet; say true where they shall be purged");
        }
        var topics = strings(rule, "topics");
        for (int i = 0; i < topics.size(); i++) {
            if (topics.get(i).indexOf('\0') >= 0) {
                throw invalid(at + "/topics/" + i, "A topic's name holds no NUL");
            }
        }
        var group = rule.getString("failureGroupId");
        return new RetentionRule(
                topics,
                statuses,
                group == null ? null : Long.valueOf(group),
                KeepFor.parse(rule.getString("keepFor"))
                        .orElseThrow(() ->
                                invalid(at + "/keepFor", "A duration of at least an hour, such as P30D, P2W or PT12H")),
                purgesOpen);
    }

    private static List<String> strings(JsonObject rule, String name) {
        return rule.getJsonArray(name, new JsonArray()).stream()
                .map(String.class::cast)
                .distinct()
                .toList();
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("topics", new JsonArray(topics))
                .put(
                        "statuses",
                        new JsonArray(statuses.stream().map(Status::word).toList()))
                .put("failureGroupId", failureGroup == null ? null : failureGroup.toString())
                .put("keepFor", keepFor.toString())
                .put("action", "purge")
                .put("purgesOpenLetters", purgesOpen);
    }

    static JsonArray toJson(List<RetentionRule> rules) {
        return new JsonArray(rules.stream().map(RetentionRule::toJson).toList());
    }

    /** Rules that came from {@link #toJson}. */
    static List<RetentionRule> stored(JsonArray rules) {
        return read(requireNonNull(rules));
    }

    private static RefusedException invalid(String pointer, String detail) {
        return RefusedException.invalidField(ProblemCode.VALIDATION_FAILED, pointer, detail);
    }
}
