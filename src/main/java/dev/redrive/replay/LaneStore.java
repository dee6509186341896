package dev.redrive.replay;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL of {@code replay_lane}: who owns a lane, and how far its receipts were read. */
final class LaneStore {

    private static final String IDENTIFY = """
            WITH known AS (
              INSERT INTO cluster (kafka_id, name) VALUES ($1, $2)
              ON CONFLICT (kafka_id) DO UPDATE SET name = excluded.name
              RETURNING id)
            SELECT known.id AS cluster_id, installation.id AS install FROM known, installation""";

    /** The owner itself may take its lane again, which raises the fence: that is how it starts over after a doubt. */
    private static final String TAKE = """
            INSERT INTO replay_lane AS lane (cluster_id, lane, owner, lease_until)
            VALUES ($1, $2, $3, now() + make_interval(secs => $4))
            ON CONFLICT (cluster_id, lane) DO UPDATE
              SET fence = lane.fence + 1, owner = excluded.owner, lease_until = excluded.lease_until, changed_at = now(),
                health = CASE lane.health WHEN 'hold' THEN 'hold' ELSE 'starting' END
              WHERE lane.owner = excluded.owner OR lane.lease_until < now()
            RETURNING fence, receipts_topic_id, receipts_next_offset, health""";

    private static final String HEARTBEAT = """
            UPDATE replay_lane SET lease_until = now() + make_interval(secs => $4)
            WHERE cluster_id = $1 AND lane = $2 AND fence = $3
            RETURNING health""";

    private static final String GIVE_BACK = """
            UPDATE replay_lane SET owner = NULL, lease_until = now() - interval '1 s', health = CASE health
              WHEN 'hold' THEN 'hold' ELSE 'starting' END
            WHERE cluster_id = $1 AND lane = $2 AND fence = $3""";

    private static final String SAY_HEALTH = """
            UPDATE replay_lane SET health = $4, health_detail = $5, mode = coalesce($6, mode), changed_at = now()
            WHERE cluster_id = $1 AND lane = $2 AND fence = $3""";

    private final Pool pool;

    LaneStore(Pool pool) {
        this.pool = pool;
    }

    /** What a lane's row said when it was taken. */
    record Taken(
            long fence,
            @Nullable UUID receiptsTopicId,
            @Nullable Long receiptsNextOffset,
            boolean onHold) {
        static Taken from(Row row) {
            return new Taken(
                    row.getLong("fence"),
                    row.getUUID("receipts_topic_id"),
                    row.getLong("receipts_next_offset"),
                    row.getString("health").equals("hold"));
        }
    }

    enum Health {
        STARTING,
        SERVING,
        /** Tries again by itself. */
        RETRYING,
        /** Waits for a person. */
        HOLD
    }

    /** Learns or confirms the cluster. @param name as the settings call it */
    Future<LaneId> identify(String kafkaId, String name, int lane) {
        return pool.preparedQuery(IDENTIFY).execute(Tuple.of(kafkaId, name)).map(rows -> {
            var row = rows.iterator().next();
            return new LaneId(row.getUUID("install"), row.getShort("cluster_id"), kafkaId, lane);
        });
    }

    /** @return empty where another owner's lease still runs */
    Future<Optional<Taken>> take(LaneId lane, UUID owner, Duration lease) {
        return pool.preparedQuery(TAKE)
                .mapping(Taken::from)
                .execute(Tuple.of(lane.clusterId(), lane.lane(), owner, lease.toMillis() / 1000.0))
                .map(rows -> rows.stream().findFirst());
    }

    /** @return the lane's health, empty where the lane is somebody else's now */
    Future<Optional<Health>> heartbeat(LaneId lane, long fence, Duration lease) {
        return pool.preparedQuery(HEARTBEAT)
                .mapping(row -> Health.valueOf(row.getString("health").toUpperCase(Locale.ROOT)))
                .execute(Tuple.of(lane.clusterId(), lane.lane(), fence, lease.toMillis() / 1000.0))
                .map(rows -> rows.stream().findFirst());
    }

    Future<Void> giveBack(LaneId lane, long fence) {
        return pool.preparedQuery(GIVE_BACK)
                .execute(Tuple.of(lane.clusterId(), lane.lane(), fence))
                .mapEmpty();
    }

    /** @param mode null where it is not known yet */
    Future<Void> sayHealth(LaneId lane, long fence, Health health, @Nullable String detail, @Nullable Mode mode) {
        return pool.preparedQuery(SAY_HEALTH)
                .execute(Tuple.of(
                        lane.clusterId(),
                        lane.lane(),
                        fence,
                        health.name().toLowerCase(Locale.ROOT),
                        detail,
                        mode == null ? null : mode.word()))
                .mapEmpty();
    }
}
