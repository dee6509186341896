package dev.redrive.convention;

import dev.redrive.convention.TopicName.Confidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The ranks of names (topic-names.md §2). Exact names are tried before patterns, which would take
 * {@code wolverine-dead-letter-queue} for the dead letters of {@code wolverine}. Each pattern is anchored and matched
 * against at most 249 characters.
 */
final class DeadLetterNames {
    private static final String SEP = "[._-]";
    private static final String WORDS = "dlt|dlq|dead[._-]?letters?(?:[._-]?(?:queue|topic))?";
    private static final Pattern CHANNEL = pattern("dead-letter-topic-(?<t>.+)");
    private static final Pattern CONFLUENT_CLOUD = pattern("dlq-lcc-[a-z0-9]+");
    private static final Pattern EXACT = pattern("wolverine-dead-letter-queue|dead_messages|poison[_-]?messages");
    private static final Pattern POISON = pattern("(?:(?<t>.+)" + SEP + ")?(?:poison|poisoned|poison[_-]?queue)");
    private static final Pattern BARE = pattern(WORDS);
    private static final Pattern SUFFIX = pattern("(?<t>.+?)" + SEP + "+(?:" + WORDS + ")");
    private static final Pattern DEAD = pattern("(?<t>.+?)" + SEP + "+dead");
    /** Without a separator only a change of case shows where the word begins. */
    private static final Pattern CAMEL =
            Pattern.compile("(?<t>.*[a-z0-9])(?:DLQ|DLT|Dlq|Dlt|DeadLetters?(?:Queue|Topic)?)");

    private static final Pattern PREFIX = pattern("(?<word>" + WORDS + ")" + SEP + "+(?<t>.+)");
    private static final Pattern TAGGED = pattern("(?<t>.+?)" + SEP + "(?:dlt|dlq)" + SEP + "(?:v?[0-9]+|[a-z]{2,5})");
    private static final Pattern ERRORS = pattern(
            "(?<t>.+?)" + SEP + "(?:errors?|err|failed|failures?|invalid|quarantine|rejected|parking[-_.]?lot)");
    private static final Pattern ABOUT_ERRORS =
            pattern("(?:errors?|failed)(?:" + SEP + ".+)?" + "|.+\\.error\\.events|fault-events");
    private static final String BINDER = "error.";
    private static final String UBER = "__";
    private static final String UBER_END = "__dlq";

    private DeadLetterNames() {}

    private static Pattern pattern(String regex) {
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
    }

    /** What the name tells, or null where it tells nothing. */
    static @Nullable TopicName judge(String topic, Set<String> existing) {
        TopicName name = exact(topic, existing);
        name = name != null ? name : binder(topic, existing);
        name = name != null ? name : uber(topic, existing);
        name = name != null ? name : affixed(topic, existing);
        return name != null ? name : weak(topic, existing);
    }

    private static @Nullable TopicName exact(String topic, Set<String> existing) {
        if (CHANNEL.matcher(topic).matches()) {
            return new TopicName(topic, 5, Confidence.HIGH, null, false, null, true);
        }
        if (CONFLUENT_CLOUD.matcher(topic).matches()) {
            return new TopicName(topic, 6, Confidence.HIGH, null, false, null, true);
        }
        if (EXACT.matcher(topic).matches()) {
            // Open-source Karafka keeps no header that could confirm its name; the others do.
            boolean byName = topic.equalsIgnoreCase("dead_messages");
            return new TopicName(topic, 7, Confidence.MEDIUM, null, false, null, byName);
        }
        if (BARE.matcher(topic).matches()) {
            return new TopicName(topic, 7, Confidence.MEDIUM, null, false, null, !topic.equalsIgnoreCase("dlt"));
        }
        Matcher poison = POISON.matcher(topic);
        return poison.matches() ? inferred(topic, 7, Confidence.MEDIUM, poison.group("t"), existing, false) : null;
    }

    /** {@code error.<topic>.<group>}, where both may hold dots: an existing topic shows where the group begins. */
    private static @Nullable TopicName binder(String topic, Set<String> existing) {
        boolean beginning = topic.regionMatches(true, 0, BINDER, 0, BINDER.length());
        String rest = beginning ? topic.substring(BINDER.length()) : "";
        if (rest.indexOf('.') <= 0 || rest.endsWith(".")) {
            return null;
        }
        return endingWith('.', rest, existing)
                .map(t -> new TopicName(topic, 1, Confidence.HIGH, t, true, rest.substring(t.length() + 1), true))
                .orElseGet(() -> new TopicName(topic, 1, Confidence.MEDIUM, null, false, null, false));
    }

    private static Optional<String> endingWith(char end, String name, Set<String> existing) {
        var candidates = new ArrayList<String>();
        for (int at = name.indexOf(end); at > 0; at = name.indexOf(end, at + 1)) {
            candidates.add(name.substring(0, at));
        }
        return candidates.stream().filter(existing::contains).max(Comparator.comparingInt(String::length));
    }

    /** {@code <topic>__<group>__dlq}: an existing topic decides, else the last {@code __}. */
    private static @Nullable TopicName uber(String topic, Set<String> existing) {
        int end = topic.length() - UBER_END.length();
        if (end <= 0 || !topic.regionMatches(true, end, UBER_END, 0, UBER_END.length())) {
            return null;
        }
        String rest = topic.substring(0, end);
        int split = rest.lastIndexOf(UBER);
        for (int at = split; at > 0; at = rest.lastIndexOf(UBER, at - 1)) {
            if (existing.contains(rest.substring(0, at))) {
                split = at;
                break;
            }
        }
        if (split <= 0 || split + UBER.length() >= rest.length()) {
            return null;
        }
        String origin = rest.substring(0, split);
        String group = rest.substring(split + UBER.length());
        return new TopicName(topic, 2, Confidence.HIGH, origin, existing.contains(origin), group, true);
    }

    /** A suffix tells more than a prefix, unless only what the prefix leaves exists. */
    private static @Nullable TopicName affixed(String topic, Set<String> existing) {
        TopicName suffixed = suffixed(topic, existing);
        TopicName prefixed = suffixed != null && suffixed.verified() ? null : prefixed(topic, existing);
        return suffixed == null || prefixed != null && prefixed.verified() ? prefixed : suffixed;
    }

    private static @Nullable TopicName suffixed(String topic, Set<String> existing) {
        List<String> candidates = stripped(topic);
        if (candidates.isEmpty()) {
            Matcher dead = DEAD.matcher(topic);
            return dead.matches() ? inferred(topic, 3, Confidence.MEDIUM, dead.group("t"), existing, true) : null;
        }
        String bottom = candidates.get(candidates.size() - 1);
        String origin = existing.contains(bottom)
                ? bottom
                : candidates.stream().filter(existing::contains).findFirst().orElse(bottom);
        return inferred(topic, 3, Confidence.HIGH, origin, existing, true);
    }

    /** The name without one suffix, without two, and so on: the longest first. */
    static List<String> stripped(String topic) {
        var candidates = new ArrayList<String>();
        for (String rest = strip(topic); rest != null; rest = strip(rest)) {
            candidates.add(rest);
        }
        return candidates;
    }

    private static @Nullable String strip(String name) {
        Matcher suffix = SUFFIX.matcher(name);
        if (suffix.matches()) {
            return suffix.group("t");
        }
        Matcher camel = CAMEL.matcher(name);
        return camel.matches() ? camel.group("t") : null;
    }

    /** Only an existing topic proves the prefix; {@code dlt-} alone is as often a distributed ledger. */
    private static @Nullable TopicName prefixed(String topic, Set<String> existing) {
        Matcher prefix = PREFIX.matcher(topic);
        if (!prefix.matches()) {
            return null;
        }
        String origin = prefix.group("t");
        if (existing.contains(origin)) {
            return inferred(topic, 4, Confidence.HIGH, origin, existing, true);
        }
        boolean ledger = prefix.group("word").equalsIgnoreCase("dlt");
        return new TopicName(topic, 4, Confidence.MEDIUM, null, false, null, !ledger);
    }

    private static @Nullable TopicName weak(String topic, Set<String> existing) {
        Matcher tagged = TAGGED.matcher(topic);
        if (tagged.matches()) {
            return inferred(topic, 7, Confidence.MEDIUM, tagged.group("t"), existing, false);
        }
        if (ABOUT_ERRORS.matcher(topic).matches()) {
            return new TopicName(topic, 8, Confidence.LOW, null, false, null, false);
        }
        Matcher errors = ERRORS.matcher(topic);
        return errors.matches() ? inferred(topic, 8, Confidence.LOW, errors.group("t"), existing, false) : null;
    }

    private static TopicName inferred(
            String topic,
            int rank,
            Confidence confidence,
            @Nullable String origin,
            Set<String> existing,
            boolean byName) {
        boolean verified = origin != null && existing.contains(origin);
        return new TopicName(topic, rank, confidence, origin, verified, null, byName);
    }

    static boolean namesItsOrigin(String topic) {
        TopicName name = judge(topic, Set.of());
        return name != null && name.isDeadLetterByName() && name.rank() != 7;
    }

    /** Whether a name that begins so is that of a dead-letter topic. */
    static boolean isPrefix(String word) {
        return BARE.matcher(word).matches() || BINDER.equalsIgnoreCase(word + ".");
    }

    static boolean isLedger(TopicName name) {
        return name.rank() == 4 && name.needsHeaders();
    }
}
