package dev.redrive.replay;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lanes of every cluster that was ever reached, as their owners last described them. */
final class ClusterStore {

    /** Some clusters with some lanes each: read whole, by the primary keys. */
    private static final String LANES = """
            SELECT c.kafka_id, c.name, l.lane, l.mode, l.health, l.health_detail, l.changed_at,
              l.owner IS NOT NULL AND l.lease_until > now() AS owned
            FROM cluster c LEFT JOIN replay_lane l ON l.cluster_id = c.id
            ORDER BY c.id, l.lane""";

    private final Pool pool;

    ClusterStore(Pool pool) {
        this.pool = pool;
    }

    /**
     * @param name as the settings called the cluster when it was last reached
     * @param lane null where the cluster has none yet
     */
    record KnownLane(String kafkaId, String name, @Nullable Lane lane) {

        /**
         * @param mode null where it is not known yet
         * @param owned whether a process that lives serves it
         */
        record Lane(
                int number,
                @Nullable String mode,
                String health,
                @Nullable String detail,
                boolean owned,
                OffsetDateTime changedAt) {}

        static KnownLane from(Row row) {
            var number = row.getInteger("lane");
            var lane = number == null
                    ? null
                    : new Lane(
                            number,
                            row.getString("mode"),
                            row.getString("health"),
                            row.getString("health_detail"),
                            row.getBoolean("owned"),
                            row.getOffsetDateTime("changed_at"));
            return new KnownLane(row.getString("kafka_id"), row.getString("name"), lane);
        }
    }

    Future<List<KnownLane>> lanes() {
        return pool.query(LANES)
                .mapping(KnownLane::from)
                .execute()
                .map(rows -> rows.stream().toList());
    }
}
