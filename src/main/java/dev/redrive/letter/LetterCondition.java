package dev.redrive.letter;

import dev.redrive.filter.Field;
import dev.redrive.filter.Filter;
import dev.redrive.filter.Filter.And;
import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.Filter.Not;
import dev.redrive.filter.Filter.Or;
import dev.redrive.filter.Filter.Words;
import dev.redrive.filter.FilterException;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A filter as an SQL condition. Aliases: {@code s} letter_state (or letter_tally, for what lies within
 * {@link Reach#TALLY}), {@code d} dead_letter. A column that holds nothing fits no term, so that the negation of the term
 * fits. Unknown is alone what a term says of a value that was not read, see {@link BytesTerms#UNREAD}: neither it nor its
 * negation finds the letter, because nobody shall discard what nobody looked at.
 */
final class LetterCondition {

    private final KindTerms kinds;
    private final StateTerms states;
    private final RecordTerms records;
    private final BytesTerms bytes;
    private final WordTerms words;

    LetterCondition(Parameters parameters, LetterScope scope) {
        this.kinds = new KindTerms(parameters);
        this.states = new StateTerms(parameters, scope.asOf());
        this.words = new WordTerms(parameters, scope);
        this.records = new RecordTerms(parameters);
        this.bytes = new BytesTerms(parameters, records);
    }

    /** @throws FilterException where the filter asks what no letter knows */
    String all(Collection<Filter> filters) {
        // Kinds are looked up once for all terms about them.
        var ofKind =
                filters.stream().filter(part -> Reach.of(part) == Reach.KIND).toList();
        var others =
                filters.stream().filter(part -> Reach.of(part) != Reach.KIND).toList();
        var sql = others.stream().map(this::of).collect(Collectors.toList());
        if (!ofKind.isEmpty()) {
            sql.add(kinds.fits(allOfKind(ofKind)));
        }
        return sql.isEmpty() ? "true" : "(" + String.join(") AND (", sql) + ")";
    }

    /** @param filters within {@link Reach#KIND}; @return a condition over the aliases of {@link KindTerms} */
    String allOfKind(Collection<Filter> filters) {
        return joined(filters, " AND ", this::ofKind);
    }

    private String of(Filter filter) {
        if (Reach.of(filter) == Reach.KIND) {
            return kinds.fits(ofKind(filter));
        }
        return compound(filter, this::of, this::term);
    }

    private String term(Match match) {
        if (match.field() == Field.IS || match.field() == Field.HAS) {
            return words.sql(match);
        }
        return switch (Reach.of(match)) {
            case KIND, TALLY, STATE -> states.sql(match);
            case RECORD -> records.sql(match);
            case BYTES -> bytes.sql(match);
        };
    }

    private String ofKind(Filter filter) {
        return compound(filter, this::ofKind, kinds::sql);
    }

    private String compound(Filter filter, Function<Filter, String> part, Function<Match, String> term) {
        if (filter instanceof Match match) {
            return known(match, term.apply(match));
        }
        if (filter instanceof Words free) {
            return known(free, bytes.words(free));
        }
        if (filter instanceof Not not) {
            return "(NOT " + part.apply(not.part()) + ")";
        }
        if (filter instanceof And and) {
            return joined(and.parts(), " AND ", part);
        }
        return filter instanceof Or or ? joined(or.parts(), " OR ", part) : "true";
    }

    private static String known(Filter term, String sql) {
        return "((" + sql + ") IS TRUE" + (asksValue(term) ? " OR nullif(" + BytesTerms.UNREAD + ", true)" : "") + ")";
    }

    /** Whether the values of letters decide. */
    static boolean asksValue(Filter filter) {
        if (filter instanceof Match match) {
            return match.field() == Field.PAYLOAD
                    || match.field() == Field.IS
                            && Columns.texts(match).stream()
                                    .anyMatch(text -> text.text().equals("binary"));
        }
        if (filter instanceof Not not) {
            return asksValue(not.part());
        }
        return filter instanceof Words || parts(filter).stream().anyMatch(LetterCondition::asksValue);
    }

    private static String joined(Collection<Filter> filters, String operator, Function<Filter, String> part) {
        return filters.isEmpty() ? "true" : filters.stream().map(part).collect(Collectors.joining(operator, "(", ")"));
    }

    static List<Filter> parts(Filter filter) {
        return filter instanceof Or or ? or.parts() : filter instanceof And and ? and.parts() : List.of();
    }

    /** The parts that are joined by AND; none where everything fits. */
    static List<Filter> conjuncts(Filter filter) {
        if (filter instanceof And and) {
            return and.parts();
        }
        return filter instanceof Filter.All ? List.of() : List.of(filter);
    }
}
