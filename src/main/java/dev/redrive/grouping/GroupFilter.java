package dev.redrive.grouping;

import dev.redrive.filter.Field;
import dev.redrive.filter.Filter;
import dev.redrive.filter.Filter.And;
import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.Filter.Not;
import dev.redrive.filter.Filter.Or;
import dev.redrive.filter.Filter.Words;
import dev.redrive.filter.FilterException;
import dev.redrive.filter.FilterParser;
import dev.redrive.filter.Value;
import dev.redrive.filter.Value.Numbers;
import dev.redrive.filter.Value.Text;
import dev.redrive.filter.Value.Times;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which failure groups a list shows, as SQL over the aliases of {@link GroupSql}. A status fits a group that holds a
 * letter of it; a column that holds nothing fits no term, so that the negation of the term fits.
 */
final class GroupFilter {

    /** What a group is, whatever happens to it. */
    private static final Set<Field> FACTS =
            Set.of(Field.TOPIC, Field.ORIGIN, Field.CONSUMER, Field.CONVENTION, Field.CLASS, Field.CAUSE, Field.ERROR);

    private static final String EXCEPTION = """
            (SELECT part ->> 'value' FROM jsonb_array_elements(g.parts) AS part WHERE part ->> 'name' = 'exception' LIMIT 1)""";

    private final List<Object> parameters;
    private final Instant now;
    private final String caller;
    private final boolean factsOnly;
    private boolean namesGroups;
    private String sql = "true";

    private GroupFilter(Instant now, String caller, List<Object> parameters, boolean factsOnly) {
        this.now = now;
        this.caller = caller;
        this.parameters = parameters;
        this.factsOnly = factsOnly;
    }

    /**
     * @param caller who asks, for {@code is:mine}
     * @throws FilterException where the text is no filter over failure groups
     */
    static GroupFilter of(String query, Instant now, String caller) {
        var filter = new GroupFilter(now, caller, new ArrayList<>(), false);
        filter.sql = filter.of(FilterParser.parse(query));
        return filter;
    }

    /**
     * Over the alias {@code g} alone, so that it is as true tomorrow as today.
     *
     * @param parameters to which those of this filter are added
     * @return a condition that is true or false and never unknown
     * @throws FilterException where the text is no filter over what groups are
     */
    static String facts(String query, List<Object> parameters) {
        return new GroupFilter(Instant.EPOCH, "", parameters, true).of(FilterParser.parse(query));
    }

    private String of(Filter filter) {
        if (filter instanceof Match match) {
            return "((" + match(match) + ") IS TRUE)";
        }
        if (filter instanceof Words words) {
            String label = factsOnly ? "" : ", " + GroupSql.LABEL;
            return "((" + contains("concat_ws(' ', g.title, g.message, g.culprit" + label + ")", words.text())
                    + ") IS TRUE)";
        }
        if (filter instanceof Not not) {
            boolean named = namesGroups;
            var part = of(not.part());
            namesGroups = named;
            return "(NOT " + part + ")";
        }
        if (filter instanceof And and) {
            return and.parts().stream().map(this::of).collect(Collectors.joining(" AND ", "(", ")"));
        }
        return filter instanceof Or or
                ? or.parts().stream().map(this::of).collect(Collectors.joining(" OR ", "(", ")"))
                : "true";
    }

    private String match(Match match) {
        return match.anyOf().stream().map(condition(match)).collect(Collectors.joining(") OR (", "(", ")"));
    }

    private Function<Value, String> condition(Match match) {
        if (factsOnly && !FACTS.contains(match.field())) {
            throw new FilterException(
                    match.position(),
                    match.end(),
                    match.field().word()
                            + " says nothing lasting; known are topic, origin, consumer, convention, class,"
                            + " cause, error and words",
                    null);
        }
        namesGroups |= match.field() == Field.GROUP || match.field() == Field.ID;
        return switch (match.field()) {
            case TOPIC -> value -> text("g.topic", value);
            case ORIGIN -> value -> text("g.origin_topic", value);
            case CONSUMER -> value -> text("g.consumer_group", value);
            case CONVENTION -> value -> text("g.convention", value);
            case ASSIGNEE -> value -> text("s.assignee", value);
            case LABEL -> value -> text(GroupSql.LABEL, value);
            case TAG -> value -> "EXISTS (SELECT FROM unnest(s.tags) AS tag WHERE " + text("tag", value) + ")";
            case CLASS, CAUSE -> this::exceptionClass;
            case ERROR -> value -> contains("concat_ws(' ', g.title, g.message)", ((Text) value).text());
            case GROUP, ID -> value -> number("g.id", value);
            case TS -> value -> time("c.last_seen_at", value);
            case STATUS -> value -> "c." + ((Text) value).text() + " > 0";
            case STATE -> value -> state(((Text) value).text());
            case IS -> value -> is(match, ((Text) value).text());
            case HAS -> value -> has(match, ((Text) value).text());
            default -> throw unknown(match, match.field().word());
        };
    }

    private static FilterException unknown(Match match, String what) {
        return new FilterException(
                match.position(),
                match.end(),
                what + " is not known of failure groups",
                match.field() == Field.PAYLOAD || match.field() == Field.KEY ? "error:" : null);
    }

    /** The words of a status are fields of the counter, those of a state are computed. */
    private String is(Match match, String word) {
        if (Field.STATUS.words().contains(word)) {
            return "c." + word + " > 0";
        }
        if (Field.STATE.words().contains(word)) {
            return state(word);
        }
        return switch (word) {
            case "mine" -> "s.assignee = " + bind(caller);
            case "assigned" -> "s.assignee IS NOT NULL";
            case "loop" -> "c.returned > 0";
            default -> throw unknown(match, "is:" + word);
        };
    }

    /** A group that is quiet is ongoing all the same. */
    private static String state(String word) {
        return word.equals("ongoing")
                ? GroupSql.STATE + " IN ('ongoing', 'quiet')"
                : GroupSql.STATE + " = '" + word + "'";
    }

    private static String has(Match match, String word) {
        return switch (word) {
            case "note" -> "s.notes > 0";
            case "tag" -> "cardinality(s.tags) > 0";
            case "assignee" -> "s.assignee IS NOT NULL";
            case "ticket" -> "s.ticket_url IS NOT NULL";
            case "runbook" -> "s.runbook_url IS NOT NULL";
            case "label" -> GroupSql.LABEL + " IS NOT NULL";
            case "trace", "stack" -> "g.culprit IS NOT NULL";
            default -> throw unknown(match, "has:" + word);
        };
    }

    private String text(String column, Value value) {
        var text = (Text) value;
        return text.prefix()
                ? "starts_with(" + column + ", " + bind(text.text()) + ")"
                : column + " = " + bind(text.text());
    }

    /**
     * The title is the class without its package. A package that was written has to be that of the class that made the
     * group, unless none is known of it.
     */
    private String exceptionClass(Value value) {
        var text = (Text) value;
        String name = text.text().replace('$', '.');
        int dot = name.lastIndexOf('.');
        String whole = text("g.title", new Text(name, text.prefix())) + " OR " + text(EXCEPTION, text);
        return dot < 0 ? whole : whole + " OR " + packed(text) + unpacked(name.substring(dot + 1), text.prefix());
    }

    /** The end of a package is enough, as in a filter over letters. */
    private String packed(Text text) {
        String end = bind("." + text.text()) + "::text";
        return text.prefix()
                ? "position(" + end + " IN " + EXCEPTION + ") > 0"
                : "right(" + EXCEPTION + ", char_length(" + end + ")) = " + end;
    }

    private String unpacked(String simple, boolean prefix) {
        return simple.isEmpty()
                ? ""
                : " OR coalesce(position('.' IN " + EXCEPTION + "), 0) = 0 AND "
                        + text("g.title", new Text(simple, prefix));
    }

    private String contains(String column, String text) {
        return "position(lower(" + bind(text) + ") IN lower(" + column + ")) > 0";
    }

    private String number(String column, Value value) {
        var numbers = (Numbers) value;
        Long from = numbers.from();
        Long to = numbers.to();
        return (from == null ? "true" : column + " >= " + bind(from)) + " AND "
                + (to == null ? "true" : column + " <= " + bind(to));
    }

    private String time(String column, Value value) {
        var times = (Times) value;
        var from = times.from();
        var to = times.to();
        return (from == null ? "true" : column + " >= " + bind(from.at(now).atOffset(ZoneOffset.UTC))) + " AND "
                + (to == null ? "true" : column + " < " + bind(to.at(now).atOffset(ZoneOffset.UTC)));
    }

    private String bind(Object value) {
        parameters.add(value);
        return "$" + parameters.size();
    }

    List<Object> parameters() {
        return List.copyOf(parameters);
    }

    /** Whether it asks for groups by their ids; then those without letters are meant too. */
    boolean namesGroups() {
        return namesGroups;
    }

    /** @return a condition that is true or false and never unknown */
    String sql() {
        return sql;
    }
}
