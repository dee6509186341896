package dev.redrive.ingest;

import dev.redrive.ingest.NewLetter.Place;
import dev.redrive.ingest.PositionStore.Again;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Set;

/**
 * The SQL of ingest about partitions that a job has it read again. All of it belongs to a transaction that holds the
 * position; docs/ingest.md tells what is committed when.
 */
final class RewoundStore {

    private static final String COUNT = """
            UPDATE rewound_partition SET added = added + $3, known = known + $4
            WHERE topic_ref = $1 AND kafka_partition = $2 AND phase = 'reading'""";

    private static final String STOOD = """
            SELECT stood_at FROM rewound_partition
            WHERE topic_ref = $1 AND kafka_partition = $2 AND phase = 'reading'""";

    private static final String CUT_OFF = """
            UPDATE rewound_partition SET phase = 'ended',
              reached = CASE phase WHEN 'reading' THEN least(greatest($3, from_offset), to_offset) ELSE reached END
            WHERE topic_ref = $1 AND kafka_partition = $2 AND phase <> 'ended'""";

    /**
     * @param letters of the batch
     * @param stored the places of those that were not there before
     */
    Future<Void> count(SqlConnection connection, List<Again> again, List<NewLetter> letters, Set<Place> stored) {
        if (again.isEmpty()) {
            return Future.succeededFuture();
        }
        var rows = again.stream()
                .map(move -> {
                    var read = letters.stream()
                            .map(NewLetter::place)
                            .filter(move::isOver)
                            .toList();
                    long added = read.stream().filter(stored::contains).count();
                    var binding = move.move().binding();
                    return Tuple.of(binding.topicRef(), binding.partition().partition(), added, read.size() - added);
                })
                .toList();
        return connection.preparedQuery(COUNT).executeBatch(rows).mapEmpty();
    }

    /** @return up to where the partition had been read before it was gone back in; {@code next} where it was not */
    Future<Long> stoodAt(SqlConnection connection, int topicRef, int partition, long next) {
        return connection
                .preparedQuery(STOOD)
                .execute(Tuple.of(topicRef, partition))
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(row -> Math.max(next, row.getLong("stood_at")))
                        .orElse(next));
    }

    /**
     * The log was cut off and written anew, so what lies before the old position may be records that nobody has read:
     * nothing is put back there any more.
     */
    Future<Void> cutOff(SqlConnection connection, int topicRef, int partition, long next) {
        return connection
                .preparedQuery(CUT_OFF)
                .execute(Tuple.of(topicRef, partition, next))
                .mapEmpty();
    }
}
