package dev.redrive.alert;

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
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A filter over the subjects of alerts, looked at in memory. It reads as a filter over failure groups does: a fact that is
 * not there fits no term, so that the negation of the term fits.
 */
final class SubjectFilter {

    /** What a silence can ask. */
    static final Set<Field> OF_SILENCES = EnumSet.of(
            Field.TOPIC,
            Field.ORIGIN,
            Field.CONSUMER,
            Field.GROUP,
            Field.CLASS,
            Field.CAUSE,
            Field.ERROR,
            Field.CONVENTION,
            Field.SEVERITY,
            Field.RULE);

    private final Filter filter;

    private SubjectFilter(Filter filter) {
        this.filter = filter;
    }

    /** @throws FilterException where the text is no filter over these fields */
    static SubjectFilter of(String query, Set<Field> known) {
        var filter = FilterParser.parse(query);
        check(filter, known);
        return new SubjectFilter(filter);
    }

    private static void check(Filter filter, Set<Field> known) {
        if (filter instanceof Match match && !known.contains(match.field())) {
            var words = known.stream().map(Field::word).sorted().collect(Collectors.joining(", "));
            throw new FilterException(
                    match.position(),
                    match.end(),
                    match.field().word() + " cannot be asked here; known are " + (words.isEmpty() ? "no terms" : words),
                    null);
        }
        if (filter instanceof Words words && known.isEmpty()) {
            throw new FilterException(words.position(), words.end(), "Nothing can be asked here", null);
        }
        if (filter instanceof Not not) {
            check(not.part(), known);
        }
        parts(filter).forEach(part -> check(part, known));
    }

    private static List<Filter> parts(Filter filter) {
        return filter instanceof And and ? and.parts() : filter instanceof Or or ? or.parts() : List.of();
    }

    /** @param rule name of the rule that fires, {@code severity} its word; null where no rule is known yet */
    boolean fits(AlertSubject subject, String title, @Nullable String severity, @Nullable String rule) {
        return fits(filter, new Facts(subject, title, severity, rule));
    }

    private record Facts(
            AlertSubject subject,
            String title,
            @Nullable String severity,
            @Nullable String rule) {}

    private static boolean fits(Filter filter, Facts facts) {
        if (filter instanceof Match match) {
            return match.anyOf().stream().anyMatch(value -> fits(match.field(), value, facts));
        }
        if (filter instanceof Words words) {
            return contains(
                    words.text(),
                    facts.title(),
                    facts.subject().name(),
                    facts.subject().message());
        }
        if (filter instanceof Not not) {
            return !fits(not.part(), facts);
        }
        if (filter instanceof Or or) {
            return or.parts().stream().anyMatch(part -> fits(part, facts));
        }
        return parts(filter).stream().allMatch(part -> fits(part, facts));
    }

    private static boolean fits(Field field, Value value, Facts facts) {
        var subject = facts.subject();
        return switch (field) {
            case TOPIC -> is(value, subject.topic()) || is(value, subject.origin());
            case ORIGIN -> is(value, subject.origin());
            case CONSUMER -> is(value, subject.consumer());
            case CONVENTION -> is(value, subject.convention());
            case CLASS, CAUSE -> isClass((Text) value, subject.exception());
            case ERROR -> contains(((Text) value).text(), subject.exception(), subject.message());
            case SEVERITY -> is(value, facts.severity());
            case RULE -> is(value, facts.rule());
            case GROUP -> subject.kind() == AlertSubject.Kind.GROUP && isWithin((Numbers) value, subject.shownId());
            default -> false;
        };
    }

    private static boolean is(Value value, @Nullable String fact) {
        var text = (Text) value;
        return fact != null && (text.prefix() ? fact.startsWith(text.text()) : fact.equals(text.text()));
    }

    /**
     * A failure group knows its class without the package, so a package that was written is left out; where nothing else
     * was written no class is meant, or a silence over one package would be one over everything.
     */
    private static boolean isClass(Text text, @Nullable String fact) {
        var name = text.text().replace('$', '.');
        var simple = name.substring(name.lastIndexOf('.') + 1);
        return is(new Text(name, text.prefix()), fact)
                || !simple.isEmpty() && is(new Text(simple, text.prefix()), fact);
    }

    private static boolean contains(String text, @Nullable String... facts) {
        var wanted = text.toLowerCase(Locale.ROOT);
        return Stream.of(facts)
                .filter(Objects::nonNull)
                .anyMatch(fact -> fact.toLowerCase(Locale.ROOT).contains(wanted));
    }

    private static boolean isWithin(Numbers numbers, String id) {
        long group = Long.parseLong(id);
        Long from = numbers.from();
        Long to = numbers.to();
        return (from == null || group >= from) && (to == null || group <= to);
    }
}
