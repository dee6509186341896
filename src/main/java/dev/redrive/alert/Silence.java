package dev.redrive.alert;

import io.vertx.sqlclient.Row;
import java.time.Instant;

/**
 * Alerts that nobody is told of for a while.
 *
 * @param query a filter over the subjects of alerts; never blank
 * @param author actor who made it
 */
record Silence(long id, String query, Instant from, Instant until, String author, String reason) {

    /** One that is to be made; its filter was understood. */
    record Asked(String query, Instant from, Instant until, String reason) {}

    static Silence from(Row row) {
        return new Silence(
                row.getLong("id"),
                row.getString("query"),
                row.getOffsetDateTime("starts_at").toInstant(),
                row.getOffsetDateTime("ends_at").toInstant(),
                row.getString("author"),
                row.getString("reason"));
    }

    /** The word of the contract. */
    String state(Instant now) {
        if (!until.isAfter(now)) {
            return "ended";
        }
        return from.isAfter(now) ? "pending" : "active";
    }
}
