package dev.redrive.alert;

import dev.redrive.PrivateTargets;
import dev.redrive.Settings;
import dev.redrive.TimeLimit;
import dev.redrive.grouping.FailureGroup;
import dev.redrive.grouping.FailureGroupStore;
import dev.redrive.grouping.Fingerprint;
import dev.redrive.grouping.NewGroup;
import dev.redrive.postgres.Database;
import dev.redrive.testkit.Postgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** An outbox in a database of its own, what is in it, and a hand on its clock. */
final class OutboxRows implements AutoCloseable {

    static final String PUBLIC_URL = "https://redrive.example";

    private static final Links LINKS = new Links(PUBLIC_URL);

    final String url = Postgres.shared().freshDatabase();
    final Pool pool;
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final OutboxStore store;
    private final Vertx vertx;
    private long number;

    OutboxRows(Vertx vertx) {
        this.vertx = vertx;
        pool = new Database(new Settings.Database(url, 4)).open(vertx);
        store = new OutboxStore(pool);
        execute("UPDATE alert_rule SET group_wait_seconds = 0, group_interval_seconds = 0");
    }

    /** What reading the first letter of a new failure does, and returns the group. */
    FailureGroup meetNewGroup() {
        return meetNewGroup("orders-svc");
    }

    FailureGroup meetNewGroup(String consumerGroup) {
        number++;
        var group = pool.withTransaction(connection -> new FailureGroupStore()
                        .upsert(connection, List.of(newGroup(consumerGroup)))
                        .compose(upserted -> new NewGroupAlert(LINKS, Clock.systemUTC())
                                .created(connection, upserted.created())
                                .map(told -> upserted.created().get(0))))
                .await();
        tellWhatIsDue();
        return group;
    }

    /** What the watch over the rules does every second; waits are none here. */
    private void tellWhatIsDue() {
        var sources = new Sources(LINKS, new ConsumerSource(LINKS, 0, Map.of()), Map.of());
        var watch = new AlertWatch(pool, sources, new Teller(LINKS), Set.of("default"), Duration.ZERO);
        TimeLimit.within(Duration.ofMinutes(1), limit -> watch.tell(Instant.now(), limit))
                .await();
    }

    NewGroup newGroup(String consumerGroup) {
        var hash = ByteBuffer.allocate(16).put((byte) 1).putLong(8, number).array();
        var fingerprint =
                new Fingerprint(1, Buffer.buffer(hash), "IllegalStateException", "price ‹n›", null, List.of());
        return new NewGroup(
                fingerprint,
                "orders",
                "orders-dlt",
                consumerGroup,
                "spring-kafka",
                Instant.parse("2026-07-01T08:00:00Z"));
    }

    /** An event of an episode, as a rule with two transitions would write it. */
    void tell(String episode, String type) {
        tell(episode, type, new JsonObject().put("of", episode));
    }

    void tell(String episode, String type, JsonObject data) {
        pool.withTransaction(
                        connection -> EventStore.write(connection, List.of(new AlertEvent(type, episode, null, data))))
                .await();
    }

    /** An endpoint that is told from now on; its address is known to whoever opens its channel. */
    void add(String name, EndpointKind kind) {
        pool.preparedQuery(
                        "INSERT INTO alert_endpoint (name, address_hash, kind) VALUES ($1, sha256(convert_to($1::text, 'UTF8')), $2)")
                .execute(Tuple.of(name, kind.word()))
                .await();
    }

    /** @param sql with one column, {@code number} */
    List<Long> numbers(String sql) {
        return pool.query(sql).execute().await().stream()
                .map(row -> row.getBigDecimal("number").longValue())
                .toList();
    }

    void tellOfAGap() {
        var gap = new GapNotice(7, "default", "orders-dlt", 3, 100, 250, "retention");
        var now = Instant.now();
        pool.withTransaction(
                        connection -> Noticing.tell(connection, List.of(new GapAlert(LINKS).notice(gap, now)), now))
                .await();
        tellWhatIsDue();
    }

    /** The next delivery of the only endpoint. */
    Optional<OutboxStore.Claim> claim(Duration lease) {
        var row = pool.query("SELECT id, version FROM alert_endpoint")
                .execute()
                .await()
                .iterator()
                .next();
        return store.claim(row.getInteger("id"), row.getInteger("version"), lease)
                .await();
    }

    boolean mark(OutboxStore.Claim claim, Outcome outcome) {
        return store.mark(claim, outcome, new DeadAlert(LINKS)).await();
    }

    /** What a loop for the endpoint holds, once it is kept. */
    DeliveryVerticle.Line line(Endpoint endpoint) {
        var row = pool.preparedQuery("SELECT id, version FROM alert_endpoint WHERE name = $1 AND removed_at IS NULL")
                .execute(Tuple.of(endpoint.name()))
                .await()
                .iterator()
                .next();
        return new DeliveryVerticle.Line(row.getInteger("id"), row.getInteger("version"), endpoint);
    }

    DeliveryVerticle.Shared shared(DeliveryVerticle.Pace pace) {
        return shared(pace, store);
    }

    DeliveryVerticle.Shared shared(DeliveryVerticle.Pace pace, OutboxStore store) {
        var schedule = RetrySchedule.standard(new Random(7));
        return new DeliveryVerticle.Shared(
                store, schedule, Breaker.STANDARD, pace, new DeadAlert(LINKS), new DeliveryMetrics(metrics));
    }

    /** Channels that may go to this machine. */
    Channels channels(DeliveryVerticle.Pace pace) {
        var guard = new AddressGuard(Resolver.of(vertx), PrivateTargets.of("127.0.0.0/8"));
        return new Channels(guard, pace.answer(), PUBLIC_URL, null);
    }

    /** Lets what waits be due now and the next trial begin, as if the time had passed; what is due keeps its place. */
    void skipWaits() {
        beginTrial();
        execute(
                "UPDATE alert_delivery SET next_attempt_at = now() WHERE state = 'pending' AND next_attempt_at > now()");
    }

    /** As if the time of the next trial had come. */
    void beginTrial() {
        execute("UPDATE alert_endpoint SET trial_at = now() WHERE trial_at > now()");
    }

    /** As if so much time had passed since the messages that wait became due. */
    void letWait(Duration time) {
        execute("UPDATE alert_delivery SET next_attempt_at = next_attempt_at - interval '" + time.toSeconds()
                + " s' WHERE state = 'pending'");
    }

    /** Makes what waits unreadable. */
    void spoil() {
        execute("UPDATE alert_delivery SET data = '{' WHERE state = 'pending'");
    }

    void endLeases() {
        execute("UPDATE alert_endpoint SET lease_until = now()");
    }

    void endPauses() {
        execute("UPDATE alert_endpoint SET not_before = now()");
    }

    /** The only delivery of the failure group. */
    Delivery delivery(FailureGroup group) {
        return deliveries(" WHERE failure_group_id = " + group.id()).get(0);
    }

    List<Delivery> deliveries() {
        return deliveries("");
    }

    private List<Delivery> deliveries(String where) {
        return pool.preparedQuery("""
                        SELECT d.*, extract(epoch FROM next_attempt_at - now()) AS due_in, lease_until > now() AS leased
                        FROM alert_delivery d JOIN alert_endpoint e ON e.id = endpoint_id %s ORDER BY d.id""".formatted(where)).mapping(Delivery::from).execute().await().stream()
                .toList();
    }

    String endpointState(String name) {
        return pool.preparedQuery("SELECT state FROM alert_endpoint WHERE name = $1")
                .execute(Tuple.of(name))
                .await()
                .iterator()
                .next()
                .getString(0);
    }

    /** @return empty while its breaker is closed */
    Optional<Duration> trialIn(String name) {
        var seconds = pool.preparedQuery(
                        "SELECT extract(epoch FROM trial_at - now()) FROM alert_endpoint WHERE name = $1")
                .execute(Tuple.of(name))
                .await()
                .iterator()
                .next()
                .getBigDecimal(0);
        return Optional.ofNullable(seconds)
                .map(wait -> Duration.ofMillis(wait.movePointRight(3).longValue()));
    }

    private void execute(String sql) {
        pool.query(sql).execute().await();
    }

    /** @param leased while an attempt at anything of the endpoint is being made */
    record Delivery(
            String id,
            String state,
            int attempts,
            Duration dueIn,
            boolean leased,
            Integer lastStatus,
            String lastError) {
        static Delivery from(Row row) {
            return new Delivery(
                    row.getString("webhook_id"),
                    row.getString("state"),
                    row.getInteger("attempts"),
                    Duration.ofMillis(
                            row.getBigDecimal("due_in").movePointRight(3).longValue()),
                    row.getBoolean("leased"),
                    row.getInteger("last_status"),
                    row.getString("last_error"));
        }
    }

    @Override
    public void close() {
        pool.close().await();
    }
}
