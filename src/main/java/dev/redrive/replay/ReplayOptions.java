package dev.redrive.replay;

import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import dev.redrive.transform.Transform;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a job replays, as the contract's ReplayOptions has it.
 *
 * @param target of every letter; null for the origin of each
 * @param drafts what becomes of a letter that has a draft
 * @param overrides words of the contract's Override
 * @param rate letters a second at most, over all processes; null for as fast as the lanes take them
 * @param canary how many go first and must not come back; 0 for none
 * @param maxReturnRatio of the outcomes that are known; above it the job is held
 * @param maxFailureRatio of the replays that are settled; above it the job is held
 * @param maxLag letters that the one consumer group of a target may be behind there; above it nothing more goes until it
 *     caught up; 0 for never
 * @param strict whether a later letter of a key waits behind an earlier one that failed
 * @param proven whether nothing goes where a lane could not prove that it is sent once
 * @param transform what is done to the value of each letter; null for nothing
 * @param skip letters of which one of these is true are left out
 */
record ReplayOptions(
        @Nullable Target target,
        Drafts drafts,
        Set<String> overrides,
        @Nullable Integer rate,
        int canary,
        double maxReturnRatio,
        double maxFailureRatio,
        int maxLag,
        boolean strict,
        boolean proven,
        @Nullable Transform transform,
        Set<Warning> skip) {

    static final Set<String> CHANGEABLE = Set.of("rate", "maxReturnRatio", "maxFailureRatio", "maxLag");

    private static final int MOST_A_SECOND = 100_000;
    private static final int LARGEST_CANARY = 1_000;
    private static final double CAREFUL = 0.2;
    private static final int LARGEST_LAG = 10_000_000;
    private static final int CAREFUL_LAG = 1_000;
    private static final List<String> KNOWN = List.of(
            "target",
            "drafts",
            "overrides",
            "rate",
            "canary",
            "maxReturnRatio",
            "maxFailureRatio",
            "maxLag",
            "order",
            "proof",
            "transform",
            "skip");

    enum Drafts {
        SKIP,
        SEND,
        IGNORE;

        static Drafts of(String word) {
            for (var each : values()) {
                if (each.name().equalsIgnoreCase(word)) {
                    return each;
                }
            }
            throw invalid("drafts", "Say skip, send or ignore");
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws RefusedException where they make no sense */
    static ReplayOptions of(JsonObject options) {
        for (var name : options.fieldNames()) {
            if (!KNOWN.contains(name)) {
                throw invalid(name, "Not an option of this job");
            }
        }
        return new ReplayOptions(
                target(options.getValue("target")),
                Drafts.of(text(options, "drafts", "skip")),
                overrides(options.getValue("overrides")),
                options.getValue("rate") == null ? null : whole(options, "rate", 0, 1, MOST_A_SECOND),
                whole(options, "canary", 0, 0, LARGEST_CANARY),
                ratio(options, "maxReturnRatio"),
                ratio(options, "maxFailureRatio"),
                options.containsKey("maxLag") && options.getValue("maxLag") == null
                        ? 0
                        : whole(options, "maxLag", CAREFUL_LAG, 0, LARGEST_LAG),
                either(options, "order", "origin", "strict"),
                either(options, "proof", "any", "strict"),
                Transform.of(options.getValue("transform"), "/options/transform"),
                skip(options.getValue("skip")));
    }

    /** With every default said, so that whoever reads the job later sees what it did. */
    JsonObject toJson() {
        return new JsonObject()
                .put("target", target == null ? null : TargetJson.write(target))
                .put("drafts", drafts.word())
                .put("overrides", new JsonArray(List.copyOf(new TreeSet<>(overrides))))
                .put("rate", rate)
                .put("canary", canary)
                .put("maxReturnRatio", maxReturnRatio)
                .put("maxFailureRatio", maxFailureRatio)
                .put("maxLag", maxLag)
                .put("order", strict ? "strict" : "origin")
                .put("proof", proven ? "strict" : "any")
                .put("transform", transform == null ? null : transform.toJson())
                .put(
                        "skip",
                        new JsonArray(skip.stream().sorted().map(Warning::word).toList()));
    }

    /** A job is not sent to one partition: that would be a mistake of somebody who thought of one letter. */
    private static @Nullable Target target(@Nullable Object given) {
        if (given == null) {
            return null;
        }
        if (!(given instanceof JsonObject json)
                || !Set.of("topic", "partitioning", "partition", "timestamp").containsAll(json.fieldNames())) {
            throw invalid("target", "An object with topic, partitioning and timestamp");
        }
        var partitioning = text(json, "partitioning", "key");
        var timestamp = text(json, "timestamp", "now");
        if (!Set.of("key", "original").contains(partitioning) || json.getValue("partition") != null) {
            throw invalid("target/partitioning", "A job goes by key or to the original partitions");
        }
        if (!Set.of("now", "original").contains(timestamp)) {
            throw invalid("target/timestamp", "Say now or original");
        }
        var topic = json.getValue("topic") == null ? null : text(json, "topic", "");
        if (topic != null && (topic.isEmpty() || topic.length() > 249)) {
            throw invalid("target/topic", "The name of a topic, or null for the origin of each letter");
        }
        return new Target(topic, Partitioning.of(partitioning), null, timestamp.equals("original"));
    }

    private static Set<String> overrides(@Nullable Object given) {
        var known = Set.of(Replays.LOOP, Preflight.DEAD_LETTER_TOPIC);
        var overrides = new TreeSet<String>();
        if (given instanceof JsonArray array) {
            array.forEach(each -> overrides.add(String.valueOf(each)));
        } else if (given != null) {
            throw invalid("overrides", "A list");
        }
        if (!known.containsAll(overrides)) {
            throw invalid("overrides", "Known are " + String.join(", ", new TreeSet<>(known)));
        }
        return Set.copyOf(overrides);
    }

    private static Set<Warning> skip(@Nullable Object given) {
        if (given != null && !(given instanceof JsonArray)) {
            throw invalid("skip", "A list");
        }
        var skip = EnumSet.noneOf(Warning.class);
        if (given instanceof JsonArray words) {
            for (var word : words) {
                skip.add(Warning.avoidable(String.valueOf(word))
                        .orElseThrow(() -> invalid(
                                "skip",
                                "Known are "
                                        + Warning.avoidable().map(Warning::word).collect(Collectors.joining(", ")))));
            }
        }
        return skip;
    }

    /** @return whether the second word was said; the first one is the default */
    private static boolean either(JsonObject options, String name, String first, String second) {
        var word = text(options, name, first);
        if (!Set.of(first, second).contains(word)) {
            throw invalid(name, "Say " + first + " or " + second);
        }
        return word.equals(second);
    }

    private static String text(JsonObject options, String name, String otherwise) {
        var given = options.getValue(name, otherwise);
        if (given instanceof String text) {
            return text;
        }
        throw invalid(name, "A word");
    }

    private static int whole(JsonObject options, String name, int otherwise, int least, int most) {
        if (options.getValue(name, otherwise) instanceof Number number
                && number.doubleValue() == Math.rint(number.doubleValue())
                && number.doubleValue() >= least
                && number.doubleValue() <= most) {
            return number.intValue();
        }
        throw invalid(name, "A whole number from %,d to %,d".formatted(least, most));
    }

    private static double ratio(JsonObject options, String name) {
        if (options.getValue(name, CAREFUL) instanceof Number number
                && number.doubleValue() >= 0
                && number.doubleValue() <= 1) {
            return number.doubleValue();
        }
        throw invalid(name, "A number from 0 to 1; 1 for never");
    }

    private static RefusedException invalid(String name, String detail) {
        return RefusedException.invalidField(ProblemCode.VALIDATION_FAILED, "/options/" + name, detail);
    }
}
