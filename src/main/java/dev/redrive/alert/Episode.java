package dev.redrive.alert;

import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * One alert: from the moment its condition began to hold for a subject until that is over.
 *
 * @param state {@code pending} while it has not held long enough, then {@code firing}, then {@code resolved}
 * @param since when it began to hold
 * @param calmSince it holds no more since then, and is over when it has been so for a while
 * @param told what the outbox last got of it: {@code firing}, {@code resolved} or nothing yet
 * @param toldAs the outbox's episode of that: what must arrive in order
 */
record Episode(
        long id,
        @Nullable Long ruleId,
        String ruleName,
        Condition condition,
        String severity,
        @Nullable String runbookUrl,
        AlertSubject subject,
        String title,
        JsonObject data,
        String path,
        @Nullable Long failureGroupId,
        long count,
        String state,
        Instant since,
        @Nullable Instant firedAt,
        @Nullable Instant calmSince,
        @Nullable Instant resolvedAt,
        @Nullable String told,
        @Nullable String toldAs,
        @Nullable Instant toldAt,
        @Nullable Suppression suppression,
        @Nullable String acknowledgedBy,
        @Nullable Instant acknowledgedAt) {

    /**
     * Why nobody is told.
     *
     * @param kind {@code silence}, {@code inhibition} or {@code acknowledgement}
     * @param id of the silence or of the alert that inhibits
     * @param what a sentence
     */
    record Suppression(String kind, @Nullable Long id, String what) {

        JsonObject toJson() {
            return new JsonObject()
                    .put("kind", kind)
                    .put("id", id == null ? null : Long.toString(id))
                    .put("what", what);
        }
    }

    static Episode from(Row row) {
        var facts = new JsonObject(row.getString("facts"));
        var suppressed = row.getString("suppressed_by");
        return new Episode(
                row.getLong("id"),
                row.getLong("rule_id"),
                row.getString("rule_name"),
                Condition.of(row.getString("condition")),
                row.getString("severity"),
                row.getString("runbook_url"),
                AlertSubject.of(
                        row.getString("subject_kind"),
                        row.getString("subject_id"),
                        row.getString("topic"),
                        row.getString("cluster"),
                        facts),
                row.getString("title"),
                data(row),
                row.getString("path"),
                row.getLong("failure_group_id"),
                row.getLong("count"),
                row.getString("state"),
                row.getOffsetDateTime("since").toInstant(),
                instant(row.getOffsetDateTime("fired_at")),
                instant(row.getOffsetDateTime("calm_since")),
                instant(row.getOffsetDateTime("resolved_at")),
                row.getString("told"),
                row.getString("told_as"),
                instant(row.getOffsetDateTime("told_at")),
                suppressed == null
                        ? null
                        : new Suppression(suppressed, row.getLong("suppressed_id"), row.getString("suppressed_what")),
                row.getString("acknowledged_by"),
                instant(row.getOffsetDateTime("acknowledged_at")));
    }

    private static JsonObject data(Row row) {
        var data = new JsonObject(row.getString("data"));
        var because = row.getString("over_because");
        return because == null ? data : data.put(AlertNotice.OVER_BECAUSE, because);
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }

    /** Of its subject, else of the rule as it was when the alert began. */
    @Nullable
    String runbook() {
        return data.getString(AlertNotice.RUNBOOK, runbookUrl);
    }

    /** As it is told for the first time. */
    Episode with(long otherCount, String otherPath) {
        return new Episode(
                id,
                ruleId,
                ruleName,
                condition,
                severity,
                runbookUrl,
                subject,
                title,
                data,
                otherPath,
                failureGroupId,
                otherCount,
                state,
                since,
                firedAt,
                calmSince,
                resolvedAt,
                told,
                toldAs,
                toldAt,
                suppression,
                acknowledgedBy,
                acknowledgedAt);
    }

    boolean isFiring() {
        return state.equals("firing");
    }

    boolean isResolved() {
        return state.equals("resolved");
    }

    boolean isUntold() {
        return isFiring() && told == null && acknowledgedAt == null;
    }

    /** Its end has to be told, because its beginning was. */
    boolean isEndUntold() {
        return isResolved() && "firing".equals(told) && !condition.isMoment();
    }

    boolean isToRepeat(AlertRule rule, Instant now) {
        return isFiring()
                && "firing".equals(told)
                && toldAt != null
                && calmSince == null
                && acknowledgedAt == null
                && !condition.isMoment()
                && !rule.spec().repeat().isZero()
                && !toldAt.plus(rule.spec().repeat()).isAfter(now);
    }
}
