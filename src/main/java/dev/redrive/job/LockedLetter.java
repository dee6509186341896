package dev.redrive.job;

import dev.redrive.letter.Status;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;

/**
 * The state of a letter that nobody else can change before the transaction ends.
 *
 * @param same whether it is as it was when the letters of the job were frozen
 */
public record LockedLetter(long id, int version, Status status, OffsetDateTime changedAt, boolean same) {

    static LockedLetter from(Row row) {
        return new LockedLetter(
                row.getLong("letter_id"),
                row.getInteger("version"),
                Status.of(row.getString("status")),
                row.getOffsetDateTime("changed_at"),
                row.getBoolean("same"));
    }
}
