package dev.redrive.letter;

import dev.redrive.filter.FilterException;
import dev.redrive.filter.Term;
import dev.redrive.filter.Term.Value;
import dev.redrive.filter.TermParser;
import io.vertx.core.buffer.Buffer;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which letters a list shows, as SQL. What the narrow table and its indexes can answer is kept apart from what needs
 * the wide row, because the first decides how a list is walked and the second only how much of the walk is shown.
 * Aliases: {@code s} letter_state, {@code d} dead_letter.
 */
final class LetterFilter {

    private static final Set<String> FIELDS = new TreeSet<>(List.of(
            "topic",
            "origin",
            "group",
            "consumer",
            "status",
            "class",
            "cause",
            "error",
            "key",
            "convention",
            "partition",
            "offset",
            "attempt",
            "id",
            "is",
            "has",
            "ts"));

    private final List<Object> parameters = new ArrayList<>();
    private final Conditions narrow = new Conditions(parameters);
    private final Conditions wide = new Conditions(parameters);
    private final EnumSet<Status> statuses = EnumSet.allOf(Status.class);
    private @Nullable String topicRefs;
    private @Nullable String groupIds;
    private @Nullable String keys;

    /** @throws FilterException where the text is no filter over letters */
    LetterFilter and(String query) {
        TermParser.parse(query).forEach(this::and);
        return this;
    }

    private void and(Term term) {
        switch (term.field()) {
            case "topic" -> topics(term);
            case "group" -> groups(term);
            case "status" -> statuses(anyStatus(term.values()), term.negated());
            case "is" -> is(term);
            case "has" -> has(term);
            case "id" -> narrow(term, "s.letter_id = ANY (" + narrow.bind(numbers(term)) + "::bigint[])");
            case "key" -> keys(term);
            case "class" ->
                wide(term, any(term, value -> LetterColumns.className(wide, value, "exception_class", "cause_class")));
            case "cause" -> wide(term, any(term, value -> LetterColumns.className(wide, value, "cause_class")));
            case "error" -> wide(term, any(term, value -> LetterColumns.contains(wide, value.text())));
            case "origin" -> wide(term, any(term, value -> LetterColumns.text(wide, "d.origin_topic", value)));
            case "consumer" -> wide(term, any(term, value -> LetterColumns.text(wide, "d.origin_group", value)));
            case "convention" -> wide(term, any(term, value -> LetterColumns.text(wide, "d.convention", value)));
            case "partition" -> wide(term, any(term, value -> LetterColumns.number(wide, "d.kafka_partition", value)));
            case "offset" -> wide(term, any(term, value -> LetterColumns.number(wide, "d.kafka_offset", value)));
            case "attempt" -> wide(term, any(term, value -> LetterColumns.number(wide, "d.attempts", value)));
            case "ts" -> wide(term, any(term, value -> TimeTerm.sql(wide, value)));
            default -> throw unknown(term);
        }
    }

    private static FilterException unknown(Term term) {
        var near = FIELDS.stream()
                .filter(field -> field.startsWith(term.field()) || term.field().startsWith(field))
                .findFirst();
        return new FilterException(
                term.position(),
                "Unknown field " + term.field() + "; known are " + String.join(", ", FIELDS),
                near.map(field -> field + ":").orElse(null));
    }

    LetterFilter andStatuses(Set<Status> wanted) {
        statuses(wanted, false);
        return this;
    }

    LetterFilter andFailedFrom(OffsetDateTime from) {
        wide.add("d.failed_at >= " + wide.bind(from));
        return this;
    }

    LetterFilter andFailedBefore(OffsetDateTime to) {
        wide.add("d.failed_at < " + wide.bind(to));
        return this;
    }

    /** One term of which the value is taken as it is, whatever characters it holds. */
    LetterFilter andExactly(String field, String value) {
        and(new Term(field, false, List.of(new Value("", value, false, 0)), 0));
        return this;
    }

    private void topics(Term term) {
        var refs = "SELECT id FROM dead_letter_topic AS known WHERE "
                + any(term, value -> LetterColumns.text(narrow, "known.name", value));
        if (!term.negated() && topicRefs == null) {
            topicRefs = "ARRAY (" + refs + ")";
        } else {
            narrow(term, "s.topic_ref = ANY (ARRAY (" + refs + "))");
        }
    }

    private void groups(Term term) {
        var ids = narrow.bind(numbers(term)) + "::bigint[]";
        if (!term.negated() && groupIds == null) {
            groupIds = ids;
        } else {
            narrow(term, "s.failure_group_id = ANY (" + ids + ")");
        }
    }

    private void keys(Term term) {
        boolean exact = term.values().stream().noneMatch(Value::prefix);
        if (exact && !term.negated() && keys == null) {
            var bytes = term.values().stream()
                    .map(value -> Buffer.buffer(value.text()))
                    .toArray(Buffer[]::new);
            keys = wide.bind(bytes) + "::bytea[]";
        } else {
            wide(term, any(term, value -> LetterColumns.key(wide, value)));
        }
    }

    private void is(Term term) {
        boolean loop = term.values().stream().anyMatch(value -> value.text().equals("loop"));
        if (!loop) {
            statuses(anyStatus(term.values()), term.negated());
        } else if (term.values().size() == 1) {
            narrow(term, "s.returns > 0");
        } else {
            throw new FilterException(term.position(), "is:loop stands alone; write is:loop is:open");
        }
    }

    private void has(Term term) {
        var sql = any(term, LetterColumns::has);
        wide(term, sql);
    }

    private void statuses(Set<Status> wanted, boolean negated) {
        statuses.retainAll(negated ? EnumSet.complementOf(EnumSet.copyOf(wanted)) : wanted);
    }

    private static Set<Status> anyStatus(List<Value> values) {
        return values.stream()
                .map(value -> Arrays.stream(Status.values())
                        .filter(status -> status.word().equals(value.text()))
                        .findFirst()
                        .orElseThrow(() -> new FilterException(value.position(), "Unknown status " + value.text())))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Status.class)));
    }

    private static Long[] numbers(Term term) {
        return term.values().stream().map(LetterColumns::id).toArray(Long[]::new);
    }

    private static String any(Term term, Function<Value, String> sql) {
        return term.values().stream().map(sql).collect(Collectors.joining(" OR ", "(", ")"));
    }

    private void narrow(Term term, String sql) {
        narrow.add(term.negated() ? "(" + sql + ") IS NOT TRUE" : sql);
    }

    /** An unknown column fits no term, so that its negation fits it. */
    private void wide(Term term, String sql) {
        wide.add(term.negated() ? "(" + sql + ") IS NOT TRUE" : sql);
    }

    /** A list of the caller's own: a tuple adds to the one it is made from. */
    List<Object> parameters() {
        return new ArrayList<>(parameters);
    }

    boolean needsWideRow() {
        return !wide.isEmpty() || keys != null;
    }

    String wideSql() {
        return wide.sql();
    }

    /**
     * The ids to look at, highest first, each index read from its end and merged, whatever the statistics say.
     *
     * @param before place of the highest id in the statement, exclusive
     * @param bound place of the most ids to give
     */
    String walk(String before, String bound) {
        var rows = "SELECT s.letter_id FROM letter_state s WHERE s.letter_id < " + before + " AND " + narrow.sql();
        var end = " ORDER BY s.letter_id DESC LIMIT " + bound;
        if (keys != null) {
            // Materialised, or the planner may walk the primary key in the hope of an early hit.
            return "WITH hit AS MATERIALIZED (SELECT id FROM dead_letter WHERE key = ANY (" + keys + ")) " + rows
                    + " AND s.letter_id IN (SELECT id FROM hit)" + state() + unlessNull("s.failure_group_id", groupIds)
                    + unlessNull("s.topic_ref", topicRefs) + end;
        }
        if (groupIds != null) {
            return merged(groupIds, "s.failure_group_id", rows + unlessNull("s.topic_ref", topicRefs), end);
        }
        if (topicRefs != null) {
            return merged(topicRefs, "s.topic_ref", rows, end);
        }
        if (statuses.size() < Status.values().length) {
            return "SELECT w.letter_id FROM unnest(" + statusArray() + ") AS st CROSS JOIN LATERAL (" + rows
                    + " AND s.status = st" + end + ") w ORDER BY w.letter_id DESC LIMIT " + bound;
        }
        return rows + end;
    }

    private String merged(String values, String column, String rows, String end) {
        return "SELECT w.letter_id FROM unnest(" + values + ") AS one CROSS JOIN unnest(" + statusArray()
                + ") AS st CROSS JOIN LATERAL (" + rows + " AND " + column + " = one AND s.status = st" + end
                + ") w" + end.replace("s.letter_id", "w.letter_id");
    }

    private String state() {
        return " AND s.status = ANY (" + statusArray() + ")";
    }

    private static String unlessNull(String column, @Nullable String values) {
        return values == null ? "" : " AND " + column + " = ANY (" + values + ")";
    }

    /** Words of an enum, so they may stand in the text. */
    private String statusArray() {
        return statuses.stream()
                .map(status -> "'" + status.word() + "'")
                .collect(Collectors.joining(",", "ARRAY[", "]::text[]"));
    }
}
