package dev.redrive.grouping;

import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What people decided about a failure group, and what came of it.
 *
 * @param version grows with each decision and with each waking; 0 while nothing was decided
 * @param state word of the API, computed as it was read
 * @param mergedInto the group whose letters these are by now; null for a group of its own
 * @param merged how many groups were merged into this one
 * @param label written by somebody, or of the first rule that fits
 */
public record Triage(
        int version,
        String state,
        @Nullable Snooze snooze,
        @Nullable String decidedBy,
        @Nullable OffsetDateTime decidedAt,
        @Nullable OffsetDateTime regressedAt,
        @Nullable String assignee,
        List<String> tags,
        @Nullable String label,
        @Nullable String ticketUrl,
        @Nullable String runbookUrl,
        int notes,
        @Nullable Long mergedInto,
        long merged) {

    static final Triage UNTOUCHED =
            new Triage(0, "new", null, null, null, null, null, List.of(), null, null, null, 0, null, 0);

    public Triage {
        tags = List.copyOf(tags);
    }

    /**
     * Ends at whichever comes first; at least one is there.
     *
     * @param letters so many more
     * @param rate letters since the hour before this one began
     */
    public record Snooze(
            @Nullable OffsetDateTime until,
            @Nullable Long letters,
            @Nullable Integer rate) {}

    static Triage from(Row row) {
        boolean snoozed = row.getString("state").equals("snoozed");
        return new Triage(
                row.getInteger("version"),
                row.getString("state"),
                snoozed
                        ? new Snooze(
                                row.getOffsetDateTime("snoozed_until"),
                                row.getLong("snoozed_letters"),
                                row.getInteger("snoozed_rate"))
                        : null,
                row.getString("decided_by"),
                row.getOffsetDateTime("decided_at"),
                row.getOffsetDateTime("regressed_at"),
                row.getString("assignee"),
                List.of(row.getArrayOfStrings("tags")),
                row.getString("label"),
                row.getString("ticket_url"),
                row.getString("runbook_url"),
                row.getInteger("notes"),
                row.getLong("merged_into"),
                row.getLong("merged"));
    }
}
