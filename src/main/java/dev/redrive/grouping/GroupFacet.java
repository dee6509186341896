package dev.redrive.grouping;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What facets of failure groups are counted of. A group may hold no value, one, or several; each is one of its filter. */
enum GroupFacet {
    /** A group that is quiet is ongoing all the same; the filter knows no other word for it. */
    STATE("ARRAY[replace(%s, 'quiet', 'ongoing')]".formatted(GroupSql.STATE)),
    STATUS(FailureGroupListStore.STATUSES.stream()
            .map(status -> "CASE WHEN c." + status + " > 0 THEN '" + status + "' END")
            .collect(Collectors.joining(", ", "array_remove(ARRAY[", "], NULL)"))),
    TOPIC("ARRAY[g.topic]"),
    ORIGIN("array_remove(ARRAY[g.origin_topic], NULL)"),
    CONSUMER("array_remove(ARRAY[g.consumer_group], NULL)"),
    CLASS("ARRAY[g.title]"),
    CONVENTION("ARRAY[g.convention]"),
    LABEL("array_remove(ARRAY[" + GroupSql.LABEL + "], NULL)"),
    TAG("coalesce(s.tags, '{}')"),
    ASSIGNEE("array_remove(ARRAY[s.assignee], NULL)"),
    /** Spans that hold each other, as one thinks of them: within the hour, the day, the week; and all before. */
    TS("""
            array_remove(ARRAY[
              CASE WHEN c.last_seen_at >= now() - interval '1 hour' THEN '<1h' END,
              CASE WHEN c.last_seen_at >= now() - interval '1 day' THEN '<1d' END,
              CASE WHEN c.last_seen_at >= now() - interval '7 days' THEN '<7d' ELSE '>7d' END], NULL)""");

    private final String held;

    GroupFacet(String held) {
        this.held = held;
    }

    /** An SQL expression of type {@code text[]} over the aliases of {@link GroupSql}. */
    String held() {
        return held;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws java.util.NoSuchElementException if there is no such word */
    static GroupFacet of(String word) {
        return Arrays.stream(values())
                .filter(facet -> facet.word().equals(word))
                .findFirst()
                .orElseThrow();
    }
}
