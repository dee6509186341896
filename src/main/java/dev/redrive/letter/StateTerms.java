package dev.redrive.letter;

import dev.redrive.filter.Filter.Match;
import dev.redrive.filter.FilterException;
import java.time.Instant;

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
            case STATUS -> Columns.text(to, "s.status", match);
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

    static FilterException unknown(Match match, String what) {
        return new FilterException(match.position(), match.end(), what + " is not known of letters", null);
    }
}
