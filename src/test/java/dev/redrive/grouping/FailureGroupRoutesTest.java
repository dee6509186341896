package dev.redrive.grouping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.Settings;
import dev.redrive.access.Access;
import dev.redrive.access.SessionStore;
import dev.redrive.http.ApiServer;
import dev.redrive.http.HttpVerticle;
import dev.redrive.http.Routes;
import dev.redrive.postgres.Database;
import dev.redrive.testkit.Postgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureGroupRoutesTest {

    private static final Instant NOW = Instant.parse("2026-07-01T12:30:00Z");
    private static final String LIST = "/api/v1/failure-groups";

    private final Vertx vertx = Vertx.vertx();
    private Pool pool;
    private HttpVerticle server;
    private WebClient client;

    @BeforeEach
    void start() throws Exception {
        pool = new Database(new Settings.Database(Postgres.shared().freshDatabase(), 4)).open(vertx);
        var clock = Clock.fixed(NOW, ZoneOffset.UTC);
        var access = new Access(new Settings.Access(Settings.Access.Mode.NONE, null), new SessionStore(pool));
        Routes others = routes -> routes.getRoutes().stream()
                .filter(route -> route.getHandlers().isEmpty())
                .filter(route ->
                        !route.getOperation().getOperationId().matches("getContract.*|listProblems|streamEvents"))
                .forEach(route -> route.addHandler(context -> context.fail(503)));
        List<Routes> routes = List.of(new FailureGroupRoutes(new FailureGroupListStore(pool), clock), others);
        server = new HttpVerticle(
                new Settings.Http("127.0.0.1", 0, 0, "http://localhost"), ApiServer.CONTRACT, access, routes);
        await(vertx.deployVerticle(server));
        client = WebClient.create(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }

    private JsonObject get(String path, int status) throws Exception {
        var answer = await(client.get(server.actualPort(), "127.0.0.1", path).send());
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(status);
        return answer.bodyAsJsonObject();
    }

    private long meet(String message, Instant seenAt) throws Exception {
        var fingerprint = Fingerprinter.of("orders-dlt", Readings.of("shop.PriceException", null, message, null));
        var group = new NewGroup(fingerprint, "orders", "orders-dlt", "shop", "spring-kafka", seenAt);
        var met = await(pool.withTransaction(connection -> new FailureGroupStore().upsert(connection, List.of(group))));
        return met.created().get(0).id();
    }

    @Test
    void showsAGroupWithEveryHourOfItsTrendAndWhyItIsOne() throws Exception {
        long id = meet("price 4 is missing", NOW.minusSeconds(60));
        var hour = OffsetDateTime.parse("2026-07-01T12:00:00Z");
        await(pool.preparedQuery("INSERT INTO failure_group_bucket VALUES ($1, $2, 5)")
                .execute(Tuple.of(id, hour)));
        var group = get(LIST + "/" + id, 200);
        assertThat(group.getString("state")).isEqualTo("quiet");
        assertThat(group.getString("title")).isEqualTo("PriceException");
        assertThat(group.getString("fingerprint")).matches("v1:[0-9a-f]{30}");
        assertThat(group.getValue("culprit")).isNull();
        assertThat(group.getJsonObject("counts").getLong("letters")).isZero();
        assertThat(group.getJsonArray("parts").encode())
                .contains("{\"name\":\"message\",\"value\":\"price ‹…› is missing\"}");
        var buckets = group.getJsonArray("buckets");
        assertThat(buckets).hasSize(24);
        assertThat(buckets.getJsonObject(0).encode())
                .isEqualTo("{\"start\":\"2026-06-30T13:00:00.000Z\",\"letters\":0}");
        assertThat(buckets.getJsonObject(23).encode())
                .isEqualTo("{\"start\":\"2026-07-01T12:00:00.000Z\",\"letters\":5}");
        assertThat(get(LIST + "/" + id + "?window=P2D", 200).getJsonArray("buckets"))
                .hasSize(48);
    }

    @ParameterizedTest
    @CsvSource({"-lastSeen", "lastSeen", "-firstSeen", "firstSeen", "-open", "-letters"})
    void walksAllGroupsOnceInEveryOrder(String sort) throws Exception {
        for (int i = 0; i < 5; i++) {
            meet("word" + "x".repeat(i) + " failed", NOW.minusSeconds(i / 2));
        }
        await(pool.query("UPDATE failure_group_counter SET letters = 1").execute());
        var seen = new ArrayList<String>();
        String path = LIST + "?limit=2&count=true&sort=" + sort;
        String next = "";
        while (next != null) {
            var page = get(path + (next.isEmpty() ? "" : "&cursor=" + next), 200);
            assertThat(page.getJsonObject("total").encode()).isEqualTo("{\"value\":5,\"relation\":\"eq\"}");
            page.getJsonArray("items").forEach(item -> seen.add(((JsonObject) item).getString("id")));
            next = page.getJsonObject("page").getString("next");
        }
        assertThat(seen).hasSize(5).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({
        "?q=key:7, query-invalid, 400",
        "?q=is:broken, query-invalid, 400",
        "?cursor=AAAA, cursor-mismatch, 400",
        "?window=P8D, validation-failed, 400",
        "/4711, not-found, 404"
    })
    void refusesWhatItCannotAnswer(String path, String code, int status) throws Exception {
        assertThat(get(LIST + path, status).getString("code")).isEqualTo(code);
    }
}
