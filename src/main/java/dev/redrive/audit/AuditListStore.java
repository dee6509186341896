package dev.redrive.audit;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The lists of {@code audit_event}, newest first. Only conditions that were asked for are in the statement. */
final class AuditListStore {

    /**
     * Each part narrows; null takes everything.
     *
     * @param object as in {@link AuditEvent#object}, whole
     * @param from and later; {@code to} and earlier, exclusive
     * @param text words that must all occur in actor, action, object or reason, whatever their case
     */
    record Filter(
            @Nullable String actor,
            @Nullable String action,
            @Nullable Long letterId,
            @Nullable String object,
            @Nullable OffsetDateTime from,
            @Nullable OffsetDateTime to,
            @Nullable String text) {}

    private static final String PAGE = """
            SELECT id, at, actor, action, letter_id, object, reason, details, request_id FROM audit_event
            WHERE id < $1""";

    private final Pool pool;

    /** @param pool with a short statement timeout: words are looked for in every row that the rest lets through */
    AuditListStore(Pool pool) {
        this.pool = pool;
    }

    /** @return at most {@code limit} events before the given id, newest first */
    Future<List<AuditStore.Entry>> page(Filter filter, long beforeId, int limit) {
        var sql = new StringBuilder(PAGE);
        var parameters = Tuple.of(beforeId);
        narrow(sql, parameters, " AND actor = ", filter.actor());
        narrow(sql, parameters, " AND action = ", filter.action());
        narrow(sql, parameters, " AND letter_id = ", filter.letterId());
        narrow(sql, parameters, " AND object = ", filter.object());
        narrow(sql, parameters, " AND at >= ", filter.from());
        narrow(sql, parameters, " AND at < ", filter.to());
        words(filter).forEach(word -> {
            parameters.addString(word);
            sql.append(" AND position($").append(parameters.size());
            sql.append(" IN lower(concat_ws(' ', actor, action, object, reason))) > 0");
        });
        parameters.addInteger(limit);
        sql.append(" ORDER BY id DESC LIMIT $").append(parameters.size());
        return pool.preparedQuery(sql.toString())
                .mapping(AuditStore.Entry::from)
                .execute(parameters)
                .map(rows -> rows.stream().toList());
    }

    private static void narrow(StringBuilder sql, Tuple parameters, String condition, @Nullable Object value) {
        if (value != null) {
            parameters.addValue(value);
            sql.append(condition).append('$').append(parameters.size());
        }
    }

    private static Stream<String> words(Filter filter) {
        var text = filter.text();
        return text == null
                ? Stream.empty()
                : Stream.of(text.toLowerCase(Locale.ROOT).split("\\s+")).filter(word -> !word.isEmpty());
    }
}
