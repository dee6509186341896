package dev.redrive.grouping;

import dev.redrive.filter.Field;
import dev.redrive.filter.Filter;
import dev.redrive.filter.Filter.And;
import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.FilterException;
import dev.redrive.filter.FilterParser;
import dev.redrive.filter.FilterText;
import dev.redrive.filter.Value.Text;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which letters of a group belong to another one: a few terms about what is known of a letter before it is stored, all of
 * which must fit. No NOT, no OR, no bytes: whoever stores letters asks this of each.
 *
 * @param q as the filter over letters has it
 * @param patterns of LIKE by field, one of which must fit
 */
record SplitRule(String q, Map<Field, List<String>> patterns) {

    static final Set<Field> FIELDS =
            Set.of(Field.TOPIC, Field.ORIGIN, Field.CONSUMER, Field.CONVENTION, Field.CLASS, Field.CAUSE, Field.ERROR);

    private static final int MOST_VALUES = 20;

    SplitRule {
        patterns = Map.copyOf(patterns);
    }

    /** @throws FilterException where the text is no such filter */
    static SplitRule of(String q) {
        var filter = FilterParser.parse(q);
        var patterns = new EnumMap<Field, List<String>>(Field.class);
        for (var part : filter instanceof And and ? and.parts() : List.of(filter)) {
            var match = match(part, q);
            if (patterns.put(match.field(), patterns(match)) != null) {
                throw refused(match, match.field().word() + " is asked twice; list its values with commas");
            }
        }
        return new SplitRule(FilterText.of(filter), patterns);
    }

    private static Match match(Filter part, String q) {
        if (!(part instanceof Match match)) {
            throw new FilterException(
                    0,
                    q.length(),
                    "A split takes terms such as error:\"account closed\", without NOT, OR and words",
                    null);
        }
        if (!FIELDS.contains(match.field())) {
            throw refused(
                    match,
                    match.field().word()
                            + ": cannot split a group; known are topic, origin, consumer, convention, class, cause, error");
        }
        if (match.anyOf().size() > MOST_VALUES) {
            throw refused(match, "At most " + MOST_VALUES + " values");
        }
        return match;
    }

    private static FilterException refused(Match match, String why) {
        return new FilterException(match.position(), match.end(), why, null);
    }

    private static List<String> patterns(Match match) {
        return match.anyOf().stream()
                .map(Text.class::cast)
                .flatMap(text -> patterns(match.field(), text))
                .toList();
    }

    /** A class fits with its package or without; words of an error fit anywhere unless they are its beginning. */
    private static Stream<String> patterns(Field field, Text text) {
        var literal =
                text.text().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + (text.prefix() ? "%" : "");
        return switch (field) {
            case CLASS, CAUSE -> Stream.of(literal, "%." + literal);
            case ERROR -> Stream.of(text.prefix() ? literal : "%" + literal + "%");
            default -> Stream.of(literal);
        };
    }
}
