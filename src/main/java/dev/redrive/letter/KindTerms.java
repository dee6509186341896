package dev.redrive.letter;

import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.Value.Text;
import java.util.ArrayList;

/** Terms over {@code letter_kind}, alias {@code k}, and the name of its topic, alias {@code t}. */
final class KindTerms {

    private final Parameters to;

    KindTerms(Parameters to) {
        this.to = to;
    }

    /** @return which rows of {@code s} are of a kind that fits */
    String fits(String condition) {
        return "s.kind_ref = ANY (ARRAY (" + ids(condition) + "))";
    }

    /** @return a statement that gives the kinds that fit */
    static String ids(String condition) {
        return "SELECT k.id FROM letter_kind k JOIN dead_letter_topic t ON t.id = k.topic_ref WHERE " + condition;
    }

    String sql(Match match) {
        return switch (match.field()) {
            case TOPIC -> Columns.text(to, "t.name", match);
            case ORIGIN -> Columns.text(to, "k.origin_topic", match);
            case CONSUMER -> Columns.text(to, "k.origin_group", match);
            case CONVENTION -> Columns.text(to, "k.convention", match);
            case CAUSE -> "k.cause_class LIKE ANY (" + names(match) + ")";
            case CLASS -> {
                var names = names(match);
                yield "k.exception_class LIKE ANY (" + names + ") OR k.cause_class LIKE ANY (" + names + ")";
            }
            default -> throw new IllegalArgumentException(match.field() + " is no column of a kind");
        };
    }

    /** Fits the whole name and the name without its package. */
    private String names(Match match) {
        var patterns = new ArrayList<String>();
        for (Text text : Columns.texts(match)) {
            var pattern = Columns.literal(text.text()) + (text.prefix() ? "%" : "");
            patterns.add(pattern);
            patterns.add("%." + pattern);
        }
        return to.bind(patterns.toArray(String[]::new)) + "::text[]";
    }
}
