package dev.redrive.job;

import dev.redrive.filter.FilterParser;
import dev.redrive.letter.LetterScope;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which letters are meant: those that a filter found, or single ones, at one moment.
 *
 * @param q as it was asked for, for people
 * @param frozenQ the same without ages; what is run
 * @param ids the letters that were named, highest first; null where the filter decides
 * @param caller who {@code is:mine} means
 * @param watermark the highest letter that there was
 * @param frozenAt when that was, for people and for ages
 * @param snapshot which rows were to be seen; a letter that changed later is not meant any more
 */
record Scope(
        String q,
        String frozenQ,
        @Nullable List<Long> ids,
        String caller,
        long watermark,
        OffsetDateTime frozenAt,
        String snapshot) {

    static Scope from(Row row) {
        var ids = row.getArrayOfLongs("ids");
        return new Scope(
                row.getString("q"),
                row.getString("frozen_q"),
                ids == null ? null : List.of(ids),
                row.getString("caller"),
                row.getLong("watermark"),
                row.getOffsetDateTime("frozen_at"),
                row.getString("snapshot"));
    }

    /** @return null where the letters are named */
    @Nullable
    LetterScope filter() {
        return ids == null ? new LetterScope(FilterParser.parseStored(frozenQ), frozenAt.toInstant(), caller) : null;
    }
}
