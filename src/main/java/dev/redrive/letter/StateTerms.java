package dev.redrive.letter;

import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.FilterException;
import dev.redrive.filter.Value.Text;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;

/** Terms over {@code letter_state}, alias {@code s}, and over small tables that name a letter. */
final class StateTerms {

    /** Stands beside the state since V50; of a letter that was stored before, in the wide row alone. */
    static final String FAILED_AT =
            "coalesce(s.failed_at, (SELECT o.failed_at FROM dead_letter o WHERE o.id = s.letter_id))";

    private final Parameters to;
    private final Instant now;

    StateTerms(Parameters to, Instant now) {
        this.to = to;
        this.now = now;
    }

    String sql(Match match) {
        return switch (match.field()) {
            case ID -> Columns.numbers(to, "s.letter_id", match);
            case GROUP -> Columns.numbers(to, "s.failure_group_id", match);
            case STATUS -> status(Columns.texts(match));
            case OUTCOME ->
                Columns.text(
                        to,
                        "(SELECT replay_result(r.state, r.outcome) FROM replay r WHERE r.letter_id = s.letter_id"
                                + " AND r.state <> 'cancelled' ORDER BY r.seq DESC LIMIT 1)",
                        match);
            case TS -> Columns.times(to, FAILED_AT, match, now);
            case ASSIGNEE -> Columns.text(to, "s.assignee", match);
            case TAG -> "EXISTS (SELECT FROM unnest(s.tags) AS tag WHERE " + Columns.text(to, "tag", match) + ")";
            case JOB ->
                "EXISTS (SELECT FROM job_item i WHERE i.letter_id = s.letter_id AND "
                        + Columns.text(to, "i.job_id::text", match) + ")";
            default -> throw unknown(match, match.field().word());
        };
    }

    /**
     * Written out: a plan for any status takes each for equally common, and looks so dear beside one for this status that
     * Postgres would plan at every request.
     */
    static String status(Collection<Text> words) {
        var those = Arrays.stream(Status.values())
                .filter(status -> words.stream().anyMatch(word -> isMeant(word, status.word())))
                .map(status -> "'" + status.word() + "'")
                .toList();
        return switch (those.size()) {
            case 0 -> "FALSE";
            case 1 -> "s.status = " + those.get(0);
            default -> "s.status IN (" + String.join(", ", those) + ")";
        };
    }

    private static boolean isMeant(Text word, String status) {
        return word.prefix() ? status.startsWith(word.text()) : status.equals(word.text());
    }

    static FilterException unknown(Match match, String what) {
        return new FilterException(match.position(), match.end(), what + " is not known of letters", null);
    }
}
