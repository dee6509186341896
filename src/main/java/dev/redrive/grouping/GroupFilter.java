package dev.redrive.grouping;

import dev.redrive.filter.FilterException;
import dev.redrive.filter.Term;
import dev.redrive.filter.Term.Value;
import dev.redrive.filter.TermParser;
import dev.redrive.letter.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which failure groups a list shows, as SQL. Aliases: {@code g} failure_group, {@code c} failure_group_counter. A
 * status fits a group that holds a letter of it.
 */
final class GroupFilter {

    private static final Set<String> FIELDS = new TreeSet<>(
            List.of("topic", "origin", "group", "consumer", "class", "error", "convention", "status", "is", "ts"));

    private static final Map<String, Integer> SECONDS = Map.of("s", 1, "m", 60, "h", 3_600, "d", 86_400, "w", 604_800);

    private final List<Object> parameters = new ArrayList<>();
    private final List<String> conditions = new ArrayList<>();

    private GroupFilter() {}

    /** @throws FilterException where the text is no filter over failure groups */
    static GroupFilter of(String query) {
        var filter = new GroupFilter();
        for (var term : TermParser.parse(query)) {
            String fits =
                    term.values().stream().map(filter.condition(term)).collect(Collectors.joining(" OR ", "(", ")"));
            filter.conditions.add(term.negated() ? fits + " IS NOT TRUE" : fits);
        }
        return filter;
    }

    private Function<Value, String> condition(Term term) {
        return switch (term.field()) {
            case "topic" -> value -> text("g.topic", value);
            case "origin" -> value -> text("g.origin_topic", value);
            case "consumer" -> value -> text("g.consumer_group", value);
            case "convention" -> value -> text("g.convention", value);
            case "class" -> this::exceptionClass;
            case "error" -> value -> contains("g.message", value) + " OR " + contains("g.title", value);
            case "group" -> value -> "g.id = " + bind(number(value));
            case "status", "is" -> value -> status(value);
            case "ts" -> this::age;
            default ->
                throw new FilterException(
                        term.position(),
                        "Failure groups have no field " + term.field() + "; known are " + String.join(", ", FIELDS));
        };
    }

    private String text(String column, Value value) {
        return value.prefix()
                ? "starts_with(" + column + ", " + bind(value.text()) + ")"
                : column + " = " + bind(value.text());
    }

    /** The title is the class without its package, so a package that was written is left out. */
    private String exceptionClass(Value value) {
        String name = value.text().replace('$', '.');
        String simple = name.substring(name.lastIndexOf('.') + 1);
        return "g.title LIKE " + bind(literal(simple) + (value.prefix() ? "%" : "")) + " OR "
                + text("g.title", new Value("", name, value.prefix(), value.position()));
    }

    private String contains(String column, Value value) {
        return column + " ILIKE " + bind("%" + literal(value.text()) + "%");
    }

    private static String status(Value value) {
        try {
            return "c." + Status.of(value.text()).word() + " > 0";
        } catch (IllegalArgumentException unknown) {
            throw new FilterException(value.position(), "Unknown status " + value.text());
        }
    }

    /** Of the last failure: {@code <2h} is younger, {@code >2h} is older. */
    private String age(Value value) {
        String text = value.text().toLowerCase(Locale.ROOT);
        int digits = TraceText.digits(text, 0);
        var seconds = digits > 0 && digits < 7 ? SECONDS.get(text.substring(digits)) : null;
        if (seconds == null || value.operator().isEmpty() || value.prefix()) {
            throw new FilterException(value.position(), "Expected an age such as ts:<15m or ts:>7d");
        }
        double age = Double.parseDouble(text.substring(0, digits)) * seconds;
        String operator = value.operator().startsWith(">") ? "<" : ">";
        return "c.last_seen_at " + operator + " now() - make_interval(secs => " + bind(age) + ")";
    }

    private static Long number(Value value) {
        String text = value.text();
        if (text.isEmpty() || text.length() > 18 || TraceText.digits(text, 0) != text.length()) {
            throw new FilterException(value.position(), "Expected an id");
        }
        return Long.valueOf(text);
    }

    /** Escapes what LIKE would read as a wildcard. */
    private static String literal(String text) {
        return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
    }

    private String bind(Object value) {
        parameters.add(value);
        return "$" + parameters.size();
    }

    List<Object> parameters() {
        return List.copyOf(parameters);
    }

    /** @return {@code (a) AND (b)}, or {@code true} without conditions */
    String sql() {
        return conditions.isEmpty() ? "true" : "(" + String.join(") AND (", conditions) + ")";
    }
}
