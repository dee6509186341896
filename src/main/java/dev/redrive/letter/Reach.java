package dev.redrive.letter;

import dev.redrive.filter.Field;
import dev.redrive.filter.Filter;
import dev.redrive.filter.Filter.And;
import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.Filter.Not;
import dev.redrive.filter.Filter.Or;
import dev.redrive.filter.Value.Text;
import java.util.Collection;
import java.util.Comparator;

/** How far one has to reach to decide whether a letter fits; each place costs more than the one before. */
enum Reach {
    /** {@code letter_kind}. */
    KIND,
    /** {@code letter_tally}: kind, group and status, counted already. */
    TALLY,
    /** {@code letter_state}, and small tables beside it. */
    STATE,
    /** The wide row. */
    RECORD,
    /** Bytes of headers and values, which may be megabytes. */
    BYTES;

    static Reach of(Filter filter) {
        if (filter instanceof Match match) {
            return of(match);
        }
        if (filter instanceof And and) {
            return farthest(and.parts());
        }
        if (filter instanceof Or or) {
            return farthest(or.parts());
        }
        if (filter instanceof Not not) {
            return of(not.part());
        }
        return filter instanceof Filter.All ? KIND : BYTES;
    }

    static Reach farthest(Collection<Filter> filters) {
        return filters.stream().map(Reach::of).max(Comparator.naturalOrder()).orElse(KIND);
    }

    boolean isWithin(Reach other) {
        return compareTo(other) <= 0;
    }

    private static Reach of(Match match) {
        return switch (match.field()) {
            case TOPIC, ORIGIN, CONSUMER, CLASS, CAUSE, CONVENTION -> KIND;
            case GROUP, STATUS -> TALLY;
            case IS, HAS -> ofWords(match);
            case ID, OUTCOME, TAG, ASSIGNEE, JOB, TS, STATE, LABEL, SEVERITY, RULE -> STATE;
            case KEY, PARTITION, OFFSET, ATTEMPT, SIZE, ERROR -> RECORD;
            case TRACE, HEADER, PAYLOAD -> BYTES;
        };
    }

    private static Reach ofWords(Match match) {
        return match.anyOf().stream()
                .map(value -> ofWord(match.field(), ((Text) value).text()))
                .max(Comparator.naturalOrder())
                .orElse(STATE);
    }

    private static Reach ofWord(Field field, String word) {
        if (field == Field.IS && WordTerms.STATUSES.contains(word)) {
            return TALLY;
        }
        return switch (word) {
            case "binary", "trace" -> BYTES;
            case "oversize", "stack", "key", "value", "payload" -> RECORD;
            default -> STATE;
        };
    }
}
