package dev.redrive.letter;

import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.Value.Text;
import java.util.List;

/** Terms over columns of {@code dead_letter}, alias {@code d}, that are short. */
final class RecordTerms {

    private final Parameters to;

    RecordTerms(Parameters to) {
        this.to = to;
    }

    String sql(Match match) {
        return switch (match.field()) {
            case KEY -> Columns.bytes(to, "d.key", match);
            case PARTITION -> Columns.numbers(to, "d.kafka_partition", match);
            case OFFSET -> Columns.numbers(to, "d.kafka_offset", match);
            case ATTEMPT -> Columns.numbers(to, "d.attempts", match);
            case SIZE -> Columns.numbers(to, "d.value_size", match);
            case ERROR -> error(Columns.texts(match));
            default -> throw StateTerms.unknown(match, match.field().word());
        };
    }

    /** Part of the message or of a class, or the beginning of it; any case. */
    String error(List<Text> texts) {
        var patterns = texts.stream()
                .map(text -> (text.prefix() ? "" : "%") + Columns.literal(text.text()) + "%")
                .toArray(String[]::new);
        var bound = to.bind(patterns) + "::text[]";
        return "d.message ILIKE ANY (" + bound + ") OR d.exception_class ILIKE ANY (" + bound
                + ") OR d.cause_class ILIKE ANY (" + bound + ")";
    }
}
