package dev.redrive.replay;

import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
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

    /** Lanes that an owner has of this cluster, and how many it may have; $1 cluster, $2 owner, $3 lanes. */
    private static final String SHARE = """
            WITH alive AS (
              SELECT owner, row_number() OVER (ORDER BY since, owner) AS no, count(*) OVER () AS owners
              FROM lane_owner WHERE cluster_id = $1 AND alive_until > now()),
            share AS (
              SELECT $3::integer / owners + CASE WHEN no <= $3::integer % owners THEN 1 ELSE 0 END AS most
              FROM alive WHERE owner = $2),
            held AS (
              SELECT count(*) AS lanes FROM replay_lane
              WHERE cluster_id = $1 AND owner = $2 AND lease_until > now() AND lane < $3::integer)
            """;

    /**
     * The owner itself may take its lane again, which raises the fence: that is how it starts over after a doubt.
     */
    private static final String TAKE = SHARE + """
            , new AS (
              INSERT INTO replay_lane (cluster_id, lane, fence, owner, lease_until)
              SELECT $1, $4, 1, $2, now() + make_interval(secs => $5)
              FROM share, held WHERE held.lanes < share.most
              ON CONFLICT (cluster_id, lane) DO NOTHING
              RETURNING fence, receipts_topic_id, receipts_next_offset, health,
                (extract(epoch FROM now()) * 1000)::bigint AS taken_at),
            known AS (
              UPDATE replay_lane l
              SET fence = l.fence + 1, owner = $2, lease_until = now() + make_interval(secs => $5), changed_at = now(),
                health = CASE l.health WHEN 'hold' THEN 'hold' ELSE 'starting' END
              WHERE l.cluster_id = $1 AND l.lane = $4 AND (l.owner = $2
                OR l.lease_until < now() AND EXISTS (SELECT FROM share, held WHERE held.lanes < share.most))
              RETURNING fence, receipts_topic_id, receipts_next_offset, health,
                (extract(epoch FROM now()) * 1000)::bigint AS taken_at)
            SELECT * FROM new UNION ALL SELECT * FROM known""";

    private static final String EXCESS = SHARE + """
            SELECT greatest(0, held.lanes - share.most)::integer AS lanes FROM share, held""";

    /** Who was gone comes after those who were not. */
    private static final String LIVE = """
            WITH gone AS (
              DELETE FROM lane_owner WHERE cluster_id = $1 AND owner <> $2
                AND alive_until < now() - make_interval(secs => 10 * $3::float8))
            INSERT INTO lane_owner AS o (cluster_id, owner, alive_until)
            VALUES ($1, $2, now() + make_interval(secs => $3::float8))
            ON CONFLICT (cluster_id, owner) DO UPDATE SET alive_until = excluded.alive_until,
              since = CASE WHEN o.alive_until < now() THEN now() ELSE o.since END""";

    private static final String LEAVE = "DELETE FROM lane_owner WHERE cluster_id = $1 AND owner = $2";

    private static final String HEARTBEAT = """
            UPDATE replay_lane SET lease_until = now() + make_interval(secs => $4)
            WHERE cluster_id = $1 AND lane = $2 AND fence = $3
            RETURNING health""";

    /** Whoever waits for a lane is woken. */
    private static final String GIVE_BACK = """
            WITH given AS (
              UPDATE replay_lane SET owner = NULL, lease_until = now() - interval '1 s', health = CASE health
                WHEN 'hold' THEN 'hold' ELSE 'starting' END
              WHERE cluster_id = $1 AND lane = $2 AND fence = $3
              RETURNING lane)
            SELECT pg_notify('""" + LaneBell.CHANNEL + "', lane::text) FROM given";

    private static final String SAY_HEALTH = """
            UPDATE replay_lane SET health = $4, health_detail = $5, mode = coalesce($6, mode), changed_at = now()
            WHERE cluster_id = $1 AND lane = $2 AND fence = $3""";

    private static final String WEAKEST = """
            SELECT CASE WHEN bool_or(mode = 'fallback') THEN 'fallback' ELSE 'best-effort' END AS mode
            FROM replay_lane WHERE cluster_id = $1 AND mode <> 'strict' HAVING count(*) > 0""";

    /** $1 a job */
    private static final String WEAKEST_OF_JOB = """
            SELECT 'lane ' || l.lane || ' of ' || c.name || ' gives only ' || replace(l.mode, '-', ' ') AS said
            FROM replay_lane l JOIN cluster c ON c.id = l.cluster_id
            WHERE l.mode <> 'strict'
              AND EXISTS (SELECT FROM replay r
                WHERE r.job_id = $1 AND r.state = 'held' AND r.cluster_id = l.cluster_id AND r.lane = l.lane)
            ORDER BY l.cluster_id, l.lane LIMIT 1""";

    private static final String NEEDS = """
            SELECT i.id AS install, EXISTS (SELECT FROM replay_lane l JOIN cluster c ON c.id = l.cluster_id
              WHERE c.kafka_id = $1 AND l.mode = 'fallback') AS fallback
            FROM installation i""";

    private final Pool pool;

    LaneStore(Pool pool) {
        this.pool = pool;
    }

    /** What a lane's row said when it was taken. */
    record Taken(
            long fence,
            @Nullable UUID receiptsTopicId,
            @Nullable Long receiptsNextOffset,
            boolean onHold,
            LaneClock clock) {
        static Taken from(Row row) {
            return new Taken(
                    row.getLong("fence"),
                    row.getUUID("receipts_topic_id"),
                    row.getLong("receipts_next_offset"),
                    row.getString("health").equals("hold"),
                    LaneClock.at(row.getLong("taken_at")));
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

    /** @return a row of {@code install, fallback}: whether a lane of the cluster sends without transactions */
    Future<Row> needs(String kafkaId) {
        return pool.preparedQuery(NEEDS)
                .execute(Tuple.of(kafkaId))
                .map(rows -> rows.iterator().next());
    }

    /** @return the least that a lane of the cluster can prove; empty where all that are known are strict */
    static Future<Optional<Mode>> weakest(SqlClient client, short clusterId) {
        return client.preparedQuery(WEAKEST)
                .mapping(row -> Mode.of(row.getString("mode")))
                .execute(Tuple.of(clusterId))
                .map(rows -> rows.stream().findFirst());
    }

    /** @return of the lanes that held replays of a job go to, one that proves less than strictly, as a clause; empty for none */
    static Future<Optional<String>> weakest(SqlClient client, UUID job) {
        return client.preparedQuery(WEAKEST_OF_JOB)
                .mapping(row -> row.getString("said"))
                .execute(Tuple.of(job))
                .map(rows -> rows.stream().findFirst());
    }

    /** Says that the owner is alive for as long as a lease. */
    Future<Void> live(short clusterId, UUID owner, Duration lease) {
        return pool.preparedQuery(LIVE)
                .execute(Tuple.of(clusterId, owner, lease.toMillis() / 1000.0))
                .mapEmpty();
    }

    Future<Void> leave(short clusterId, UUID owner) {
        return pool.preparedQuery(LEAVE).execute(Tuple.of(clusterId, owner)).mapEmpty();
    }

    /** @return how many lanes more than its share the owner has; 0 for one that does not count as alive */
    Future<Integer> excess(short clusterId, UUID owner, int lanes) {
        return pool.preparedQuery(EXCESS)
                .execute(Tuple.of(clusterId, owner, lanes))
                .map(rows -> rows.size() == 0 ? 0 : rows.iterator().next().getInteger("lanes"));
    }

    /** @return empty where another owner's lease still runs, or this one has its share of the lanes */
    Future<Optional<Taken>> take(LaneId lane, UUID owner, Duration lease, int lanes) {
        return pool.preparedQuery(TAKE)
                .mapping(Taken::from)
                .execute(Tuple.of(lane.clusterId(), owner, lanes, lane.lane(), lease.toMillis() / 1000.0))
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
