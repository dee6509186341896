package dev.redrive.letter;

import dev.redrive.filter.Field;
import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.FilterException;
import dev.redrive.filter.Value.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The terms {@code is:} and {@code has:}. */
final class WordTerms {

    static final Set<String> STATUSES =
            Arrays.stream(Status.values()).map(Status::word).collect(Collectors.toUnmodifiableSet());

    private final Parameters to;
    private final LetterScope scope;

    WordTerms(Parameters to, LetterScope scope) {
        this.to = to;
        this.scope = scope;
    }

    String sql(Match match) {
        return Columns.texts(match).stream()
                .map(word -> match.field() == Field.IS ? is(match, word) : has(match, word.text()))
                .collect(Collectors.joining(" OR "));
    }

    private String is(Match match, Text text) {
        var word = text.text();
        if (STATUSES.contains(word)) {
            return StateTerms.status(List.of(text));
        }
        return switch (word) {
            case "loop" -> "s.returns > 0";
            case "edited" -> "EXISTS (SELECT FROM draft e WHERE e.letter_id = s.letter_id)";
            case "oversize" -> "(d.storage <> 'inline' AND s.status <> 'purged')";
            case "mine" -> "s.assignee = " + to.bind(caller(match)) + "::text";
            case "assigned" -> "s.assignee IS NOT NULL";
            case "binary" -> BytesTerms.BINARY;
            default -> throw StateTerms.unknown(match, "is:" + word);
        };
    }

    private String has(Match match, String word) {
        return switch (word) {
            case "draft" -> "EXISTS (SELECT FROM draft e WHERE e.letter_id = s.letter_id AND e.current)";
            case "parent" -> "s.parent_id IS NOT NULL";
            case "stack" -> "d.trace_hash IS NOT NULL";
            case "key" -> "d.key IS NOT NULL";
            case "value" -> "d.value_size IS NOT NULL";
            case "payload" -> "d.payload = 'present'";
            case "note" -> "s.notes > 0";
            case "tag" -> "s.tags <> '{}'";
            case "assignee" -> "s.assignee IS NOT NULL";
            case "trace" -> BytesTerms.HAS_TRACE;
            default -> throw StateTerms.unknown(match, "has:" + word);
        };
    }

    private String caller(Match match) {
        var caller = scope.caller();
        if (caller == null) {
            throw new FilterException(match.position(), match.end(), "is:mine needs somebody who asks", null);
        }
        return caller;
    }
}
