package dev.redrive.letter;

import java.util.Arrays;
import java.util.Locale;

/** What facets are counted of. A letter may hold no value, one, or several. */
enum FacetField {
    TOPIC(Reach.KIND, "ARRAY[t.name]"),
    ORIGIN(Reach.KIND, "array_remove(ARRAY[k.origin_topic], NULL)"),
    CONSUMER(Reach.KIND, "array_remove(ARRAY[k.origin_group], NULL)"),
    CONVENTION(Reach.KIND, "ARRAY[k.convention]"),
    /** As the term {@code class:} has it: a letter counts for the wrapper and for the cause. */
    CLASS(Reach.KIND, """
            CASE WHEN k.exception_class = k.cause_class THEN ARRAY[k.cause_class]
              ELSE array_remove(ARRAY[k.exception_class, k.cause_class], NULL) END"""),
    CAUSE(Reach.KIND, "array_remove(ARRAY[k.cause_class], NULL)"),
    STATUS(Reach.TALLY, "ARRAY[s.status]"),
    GROUP(Reach.TALLY, "ARRAY[s.failure_group_id::text]"),
    TAG(Reach.STATE, "s.tags"),
    ASSIGNEE(Reach.STATE, "array_remove(ARRAY[s.assignee], NULL)"),
    PARTITION(Reach.RECORD, "ARRAY[d.kafka_partition::text]"),
    ATTEMPT(Reach.RECORD, "array_remove(ARRAY[d.attempts::text], NULL)");

    private final Reach reach;
    private final String held;

    FacetField(Reach reach, String held) {
        this.reach = reach;
        this.held = held;
    }

    Reach reach() {
        return reach;
    }

    /** An SQL expression of type {@code text[]} over the aliases s, d, k letter_kind and t dead_letter_topic. */
    String held() {
        return held;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws java.util.NoSuchElementException if there is no such word */
    static FacetField of(String word) {
        return Arrays.stream(values())
                .filter(field -> field.word().equals(word))
                .findFirst()
                .orElseThrow();
    }
}
