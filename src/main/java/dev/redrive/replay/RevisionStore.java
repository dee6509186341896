package dev.redrive.replay;

import dev.redrive.job.JobOrder;
import dev.redrive.letter.Content;
import dev.redrive.letter.ContentCodec;
import dev.redrive.letter.HeaderCodec;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the program of a job made of letters, kept as drafts that are nobody's current one. */
final class RevisionStore {

    private static final String INSERT = """
            INSERT INTO draft (letter_id, version, current, key, value, headers, content_hash, author, reason)
            SELECT n.letter_id,
              coalesce((SELECT max(version) FROM draft d WHERE d.letter_id = n.letter_id), 0) + 1, false,
              n.key, n.value, n.headers, n.content_hash, $1, $2
            FROM unnest($3::bigint[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[])
              AS n (letter_id, key, value, headers, content_hash)
            RETURNING id, letter_id""";

    private RevisionStore() {}

    /** What is sent. @param draftId null where that is the letter as it came */
    record Revision(@Nullable Long draftId, @Nullable Buffer key, Buffer hash) {}

    /** What a program made of a letter. */
    record Made(long letterId, Content content) {}

    /** @param made of letters that the caller's transaction has locked; @return by letter */
    static Future<Map<Long, Revision>> keep(SqlConnection connection, JobOrder job, List<Made> made) {
        if (made.isEmpty()) {
            return Future.succeededFuture(Map.of());
        }
        var hashes =
                made.stream().map(each -> ContentCodec.hash(each.content())).toList();
        return connection
                .preparedQuery(INSERT)
                .execute(Tuple.of(job.actor(), job.reason())
                        .addValue(made.stream().map(Made::letterId).toArray(Long[]::new))
                        .addValue(
                                made.stream().map(each -> each.content().key()).toArray(Buffer[]::new))
                        .addValue(made.stream()
                                .map(each -> each.content().value())
                                .toArray(Buffer[]::new))
                        .addValue(made.stream()
                                .map(each -> HeaderCodec.encode(each.content().headers(), null))
                                .toArray(Buffer[]::new))
                        .addValue(hashes.toArray(Buffer[]::new)))
                .map(rows -> {
                    var ids = new HashMap<Long, Long>();
                    rows.forEach(row -> ids.put(row.getLong("letter_id"), row.getLong("id")));
                    var kept = new HashMap<Long, Revision>();
                    for (int i = 0; i < made.size(); i++) {
                        var each = made.get(i);
                        kept.put(
                                each.letterId(),
                                new Revision(
                                        ids.get(each.letterId()), each.content().key(), hashes.get(i)));
                    }
                    return kept;
                });
    }
}
