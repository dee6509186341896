package dev.redrive.grouping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Settings;
import dev.redrive.http.ApiServer;
import dev.redrive.postgres.Database;
import dev.redrive.testkit.Postgres;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who pages through failure groups to the end has met them all, whatever moved meanwhile. */
class GroupPagingTest {

    private static final Instant NOW = Instant.parse("2026-07-01T12:30:00Z");
    private static final String LIST = "/api/v1/failure-groups";

    private ApiServer api;

    @BeforeEach
    void open() throws Exception {
        api = ApiServer.with(pool -> new FailureGroupRoutes(new FailureGroupListStore(pool), Clock.systemUTC()));
    }

    @AfterEach
    void close() throws Exception {
        api.close();
    }

    private JsonObject get(String path) throws Exception {
        var answer = api.get(path);
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        return answer.bodyAsJsonObject();
    }

    private long meet(String message, Instant seenAt) throws Exception {
        var fingerprint = Fingerprinter.of("orders-dlt", Readings.of("shop.PriceException", null, message, null));
        var group = new NewGroup(fingerprint, "orders", "orders-dlt", "shop", "spring-kafka", seenAt);
        var store = new FailureGroupStore();
        return ApiServer.await(api.pool().withTransaction(connection -> store.upsert(connection, List.of(group))))
                .created()
                .get(0)
                .id();
    }

    /** Groups of one letter each, the latest first. */
    private List<Long> meetSome(int groups) throws Exception {
        var ids = new ArrayList<Long>();
        for (int i = 0; i < groups; i++) {
            ids.add(meet("word" + "x".repeat(i) + " failed", NOW.minusSeconds(i)));
        }
        ApiServer.await(
                api.pool().query("UPDATE failure_group_counter SET letters = 1").execute());
        return ids;
    }

    private void recently(long group, long letters) throws Exception {
        ApiServer.await(api.pool()
                .preparedQuery("INSERT INTO failure_group_bucket VALUES ($1, date_trunc('hour', now()), $2)")
                .execute(Tuple.of(group, letters)));
    }

    @ParameterizedTest
    @CsvSource({"-lastSeen", "lastSeen", "-firstSeen", "firstSeen", "-open", "-letters", "-rate"})
    void walksAllGroupsOnceInEveryOrder(String sort) throws Exception {
        for (int i = 0; i < 5; i++) {
            meet("word" + "x".repeat(i) + " failed", NOW.minusSeconds(i / 2));
        }
        ApiServer.await(
                api.pool().query("UPDATE failure_group_counter SET letters = 1").execute());
        var seen = new ArrayList<String>();
        String path = LIST + "?limit=2&count=true&sort=" + sort;
        String next = "";
        while (next != null) {
            var page = get(path + (next.isEmpty() ? "" : "&cursor=" + next));
            assertThat(page.getJsonObject("total").encode()).isEqualTo("{\"value\":5,\"relation\":\"eq\"}");
            page.getJsonArray("items").forEach(item -> seen.add(((JsonObject) item).getString("id")));
            next = page.getJsonObject("page").getString("next");
        }
        assertThat(seen).hasSize(5).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({
        "-lastSeen, last_seen_at = now() + interval '1 day'",
        "lastSeen, last_seen_at = '1990-01-01'",
        "-firstSeen, first_seen_at = now() + interval '1 day'",
        "firstSeen, first_seen_at = '1990-01-01'",
        "-open, open = 1000",
        "-letters, letters = 1000",
        "-rate, letters = letters + 1"
    })
    void missesNoGroupThatMovesToAPlaceThatWasPassed(String sort, String change) throws Exception {
        var ids = meetSome(5);
        String path = LIST + "?limit=2&sort=" + sort;
        var first = get(path);
        var seen = new ArrayList<>(ids(first));
        var unseen = ids.stream().filter(id -> !seen.contains(id)).toList();
        recently(unseen.get(1), sort.equals("-rate") ? 9 : 0);
        ApiServer.await(api.pool()
                .preparedQuery("UPDATE failure_group_counter SET " + change + " WHERE failure_group_id = ANY ($1)")
                .execute(Tuple.of(new Long[] {seen.get(0), unseen.get(1)})));
        String next = first.getJsonObject("page").getString("next");
        while (next != null) {
            var page = get(path + "&cursor=" + next);
            assertThat(ids(page)).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(2);
            seen.addAll(ids(page));
            next = page.getJsonObject("page").getString("next");
        }
        assertThat(seen).containsAll(ids).hasSizeLessThanOrEqualTo(6);
    }

    @Test
    void findsAGroupThatMovesWithWhatWasUnderWayWhenTheWalkBegan() throws Exception {
        meetSome(5);
        var last = ids(get(LIST)).get(4);
        var underWay = ApiServer.await(api.pool().getConnection());
        var transaction = ApiServer.await(underWay.begin());
        ApiServer.await(underWay.preparedQuery(
                        "UPDATE failure_group_counter SET last_seen_at = now() WHERE failure_group_id = $1")
                .execute(Tuple.of(last)));
        var first = get(LIST + "?limit=2");
        ApiServer.await(transaction.commit());
        assertThat(walked(LIST + "?limit=2", first)).contains(last);
    }

    @Test
    void bringsNoGroupTwiceForWhatGoesOnInAnotherDatabaseOfTheServer() throws Exception {
        // Pools of one Vert.x share their connections.
        var another = Vertx.vertx();
        try {
            var elsewhere = new Database(new Settings.Database(Postgres.shared().freshDatabase(), 1)).open(another);
            var connection = ApiServer.await(elsewhere.getConnection());
            ApiServer.await(connection.begin());
            ApiServer.await(connection.query("CREATE TABLE under_way ()").execute());
            meetSome(5);
            assertThat(walked(LIST + "?limit=2", get(LIST + "?limit=2")))
                    .hasSize(5)
                    .doesNotHaveDuplicates();
        } finally {
            another.close().await();
        }
    }

    /** The groups of a page and of all that follow. */
    private List<Long> walked(String path, JsonObject first) throws Exception {
        var seen = new ArrayList<>(ids(first));
        String next = first.getJsonObject("page").getString("next");
        while (next != null) {
            var page = get(path + "&cursor=" + next);
            seen.addAll(ids(page));
            next = page.getJsonObject("page").getString("next");
        }
        return seen;
    }

    @Test
    void findsAGroupThatSomebodyReopensAtAPlaceThatWasPassed() throws Exception {
        meetSome(4);
        var ids = ids(get(LIST));
        ApiServer.await(api.pool()
                .preparedQuery("INSERT INTO failure_group_state (failure_group_id, triage) VALUES ($1, 'resolved')")
                .execute(Tuple.of(ids.get(0))));
        String path = LIST + "?limit=2&q=" + URLEncoder.encode("-state:resolved", StandardCharsets.UTF_8);
        var first = get(path);
        assertThat(ids(first)).containsExactly(ids.get(1), ids.get(2));
        ApiServer.await(api.pool()
                .query("UPDATE failure_group_state SET triage = 'none'")
                .execute());
        var last = get(path + "&cursor=" + first.getJsonObject("page").getString("next"));
        assertThat(ids(last)).containsExactly(ids.get(3), ids.get(0));
    }

    private static List<Long> ids(JsonObject page) {
        return page.getJsonArray("items").stream()
                .map(item -> Long.valueOf(((JsonObject) item).getString("id")))
                .toList();
    }
}
