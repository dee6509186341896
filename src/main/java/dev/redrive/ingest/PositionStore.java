package dev.redrive.ingest;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How far each partition has been read. What stands here counts; Kafka's committed offset is for lag tools. */
final class PositionStore {

    /** @param epoch leader epoch of the record before {@code next}, -1 unknown */
    record Stored(long next, int epoch) {}

    /**
     * @param letters of this partition in the batch
     * @param from the position these letters were read from; {@code next} the one after them
     */
    record Move(Binding binding, int letters, long from, long next, int epoch) {}

    /**
     * A move that was refused, because the position in Postgres is another one by now: before {@code from}, or beyond
     * {@code next}.
     */
    record Displaced(Move move, Stored stored) {}

    /** A move over records that a job has us read again, from {@code from} up to before {@code to}. */
    record Again(Move move, long from, long to) {

        boolean isOver(NewLetter.Place place) {
            return place.topicRef() == move.binding().topicRef()
                    && place.partition() == move.binding().partition().partition()
                    && place.offset() >= from
                    && place.offset() < to;
        }
    }

    /** @param displaced moves that were refused; the others are done or were done by another owner */
    record Moved(List<Displaced> displaced, List<Again> again) {}

    private static final String FIND = """
            SELECT next_offset, leader_epoch FROM ingest_position WHERE topic_ref = $1 AND kafka_partition = $2""";

    private static final String BEGIN = """
            INSERT INTO ingest_position (topic_ref, kafka_partition, next_offset, leader_epoch)
            VALUES ($1, $2, $3, -1) ON CONFLICT (topic_ref, kafka_partition) DO NOTHING""";

    /**
     * Another owner that was ahead stays ahead: its letters are stored, and so are those before a position that was put
     * back where it stood; we go there. One that is behind has letters between its position and ours that may not be, so
     * nothing moves and we go back there. Rows are locked in key order.
     */
    private static final String MOVE = """
            WITH asked AS (
              SELECT * FROM unnest($1::integer[], $2::integer[], $3::bigint[], $4::bigint[], $5::integer[])
                AS a (topic_ref, kafka_partition, from_offset, next_offset, leader_epoch)),
            held AS (
              SELECT topic_ref, kafka_partition, p.next_offset, p.leader_epoch, a.from_offset, a.next_offset AS asked
              FROM ingest_position p JOIN asked a USING (topic_ref, kafka_partition)
              ORDER BY topic_ref, kafka_partition FOR UPDATE OF p),
            moved AS (
              UPDATE ingest_position p SET next_offset = a.next_offset, leader_epoch = a.leader_epoch, updated_at = now()
              FROM asked a JOIN held h USING (topic_ref, kafka_partition)
              WHERE p.topic_ref = a.topic_ref AND p.kafka_partition = a.kafka_partition
                AND h.next_offset >= a.from_offset AND h.next_offset < a.next_offset)
            SELECT h.topic_ref, h.kafka_partition, h.next_offset, h.leader_epoch, r.to_offset,
              h.next_offset < h.from_offset OR h.next_offset > h.asked AS displaced
            FROM held h LEFT JOIN rewound_partition r
              ON r.topic_ref = h.topic_ref AND r.kafka_partition = h.kafka_partition AND r.phase = 'reading'
                AND r.to_offset > h.next_offset
            WHERE h.next_offset < h.from_offset OR h.next_offset > h.asked OR r.to_offset IS NOT NULL""";

    private static final String JUMP = """
            UPDATE ingest_position SET next_offset = $4, leader_epoch = -1, updated_at = now()
            WHERE topic_ref = $1 AND kafka_partition = $2 AND next_offset = $3""";

    Future<Optional<Stored>> find(SqlClient client, int topicRef, int partition) {
        return client.preparedQuery(FIND)
                .execute(Tuple.of(topicRef, partition))
                .map(rows -> rows.stream()
                        .findFirst()
                        .map(row -> new Stored(row.getLong("next_offset"), row.getInteger("leader_epoch"))));
    }

    /** Every binding begins with a row, so that a move finds one. */
    Future<Void> begin(SqlClient client, int topicRef, int partition, long next) {
        return client.preparedQuery(BEGIN)
                .execute(Tuple.of(topicRef, partition, next))
                .mapEmpty();
    }

    Future<Moved> move(SqlConnection connection, List<Move> moves) {
        var values = Tuple.of(
                moves.stream().map(move -> move.binding().topicRef()).toArray(Integer[]::new),
                moves.stream()
                        .map(move -> move.binding().partition().partition())
                        .toArray(Integer[]::new),
                moves.stream().map(Move::from).toArray(Long[]::new),
                moves.stream().map(Move::next).toArray(Long[]::new),
                moves.stream().map(Move::epoch).toArray(Integer[]::new));
        return connection.preparedQuery(MOVE).execute(values).map(rows -> {
            var displaced = new ArrayList<Displaced>();
            var again = new ArrayList<Again>();
            for (var row : rows) {
                var move = of(moves, row.getInteger("topic_ref"), row.getInteger("kafka_partition"));
                long next = row.getLong("next_offset");
                if (row.getBoolean("displaced")) {
                    displaced.add(new Displaced(move, new Stored(next, row.getInteger("leader_epoch"))));
                } else {
                    again.add(new Again(move, next, Math.min(move.next(), row.getLong("to_offset"))));
                }
            }
            return new Moved(displaced, again);
        });
    }

    /** Past what Kafka no longer has, forward or back; undone by nobody who was ahead meanwhile. */
    Future<Void> jump(SqlConnection connection, int topicRef, int partition, long from, long to) {
        return connection
                .preparedQuery(JUMP)
                .execute(Tuple.of(topicRef, partition, from, to))
                .mapEmpty();
    }

    private static Move of(List<Move> moves, int topicRef, int partition) {
        return moves.stream()
                .filter(move -> move.binding().topicRef() == topicRef
                        && move.binding().partition().partition() == partition)
                .findFirst()
                .orElseThrow();
    }
}
