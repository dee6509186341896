package dev.redrive.alert;

import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What fires, when, and whom it tells.
 *
 * @param version grows with each change
 * @param builtIn made by us: may be changed and switched off, never deleted
 * @param effectiveAt moments before it are none of this rule's
 * @param toldAt when its last message was written; null: none yet
 * @param messages written so far
 */
record AlertRule(
        long id,
        int version,
        boolean builtIn,
        Spec spec,
        Instant effectiveAt,
        @Nullable Instant toldAt,
        long messages) {

    /**
     * What people write of a rule.
     *
     * @param query a filter, null for everything
     * @param threshold null for the condition's own; so too {@code window}
     * @param holds how long the condition must hold before it fires
     * @param endpoints ids; none: every active one
     * @param repeat zero: told once
     * @param groupWait from the first alert to the message, {@code groupInterval} between two messages
     */
    record Spec(
            String name,
            boolean enabled,
            Condition condition,
            @Nullable String query,
            @Nullable Double threshold,
            @Nullable Duration window,
            Duration holds,
            String severity,
            List<Integer> endpoints,
            Duration repeat,
            Duration groupWait,
            Duration groupInterval,
            @Nullable String runbookUrl,
            boolean showPayload) {
        Spec {
            endpoints = List.copyOf(endpoints);
        }
    }

    static AlertRule from(Row row) {
        var told = row.getOffsetDateTime("told_at");
        var window = row.getLong("window_seconds");
        var spec = new Spec(
                row.getString("name"),
                row.getBoolean("enabled"),
                Condition.of(row.getString("condition")),
                row.getString("query"),
                row.getDouble("threshold"),
                window == null ? null : Duration.ofSeconds(window),
                seconds(row, "for_seconds"),
                row.getString("severity"),
                List.of(row.getArrayOfIntegers("endpoint_ids")),
                seconds(row, "repeat_seconds"),
                seconds(row, "group_wait_seconds"),
                seconds(row, "group_interval_seconds"),
                row.getString("runbook_url"),
                row.getBoolean("show_payload"));
        return new AlertRule(
                row.getLong("id"),
                row.getInteger("version"),
                row.getBoolean("built_in"),
                spec,
                row.getOffsetDateTime("effective_at").toInstant(),
                told == null ? null : told.toInstant(),
                row.getLong("messages"));
    }

    private static Duration seconds(Row row, String column) {
        return Duration.ofSeconds(row.getLong(column));
    }

    Condition condition() {
        return spec.condition();
    }

    /** Its own, or that of its condition, which has one. */
    Duration window() {
        var own = spec.window();
        var usual = condition().window();
        return own != null ? own : usual != null ? usual : Duration.ZERO;
    }

    double threshold(double usual) {
        var own = spec.threshold();
        var ofCondition = condition().threshold();
        return own != null ? own : ofCondition != null ? ofCondition : usual;
    }

    /** Whether a message may be written again; where topics are told apart, of some topic. */
    boolean mayTell(Instant now) {
        return condition().isToldByTopic() || toldAt == null || isPast(toldAt, spec.groupInterval(), now);
    }

    /** Whether as much time has passed; a moment that lies so far ahead is of a clock that was wrong, and nobody waits for it. */
    static boolean isPast(Instant moment, Duration time, Instant now) {
        return Duration.between(moment, now).abs().compareTo(time) >= 0;
    }
}
