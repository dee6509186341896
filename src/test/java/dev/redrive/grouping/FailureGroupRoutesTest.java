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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureGroupRoutesTest {

    private static final Instant NOW = Instant.parse("2026-07-01T12:30:00Z");
    private static final String LIST = "/api/v1/failure-groups";
    private static final List<String> FIELDS =
            List.of("topic", "origin", "consumer", "convention", "class", "cause", "error", "label", "tag", "assignee");
    private static final List<String> HOSTILE = List.of(
            "'; DROP TABLE failure_group CASCADE; --",
            "' OR '1'='1",
            "\\' OR 1=1 --",
            "x\" OR \"1\"=\"1",
            "$1",
            "$$;SELECT pg_sleep(5);$$",
            "%",
            "_%' ESCAPE '\\",
            "c.letters; DELETE FROM failure_group",
            "(SELECT version())");

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
        List<Routes> routes = List.of(
                new FailureGroupRoutes(new FailureGroupListStore(pool), clock),
                new GroupFacetRoutes(pool, clock),
                others);
        server = new HttpVerticle(
                new Settings.Http("127.0.0.1", 0, 0, "http://localhost"),
                ApiServer.CONTRACT,
                access,
                routes,
                new AtomicInteger());
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
        assertThat(group.getString("fingerprint")).matches("v" + Fingerprinter.VERSION + ":[0-9a-f]{30}");
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

    @Test
    void ordersByHowManyFailedInThisHourAndTheOneBefore() throws Exception {
        long busy = meet("price is missing", NOW);
        long calm = meet("tax is missing", NOW);
        long loudYesterday = meet("sum is missing", NOW);
        await(pool.query("UPDATE failure_group_counter SET letters = 1").execute());
        recently(calm, 0, 2);
        recently(busy, 0, 1);
        recently(busy, 1, 4);
        recently(loudYesterday, 24, 900);
        var items = get(LIST + "?sort=-rate", 200).getJsonArray("items");
        assertThat(items.stream()
                        .map(item -> ((JsonObject) item).getString("id") + ":"
                                + ((JsonObject) item).getLong("recentLetters")))
                .containsExactly(busy + ":5", calm + ":2", loudYesterday + ":0");
    }

    private void recently(long group, int hoursAgo, long letters) throws Exception {
        await(pool.preparedQuery("INSERT INTO failure_group_bucket VALUES ($1,"
                        + " date_trunc('hour', now()) - make_interval(hours => $2), $3)")
                .execute(Tuple.of(group, hoursAgo, letters)));
    }

    @Test
    void countsGroupsByWhatTheyAre() throws Exception {
        long snoozed = meet("price is missing", NOW);
        meet("tax is missing", NOW);
        long old = meet("sum is missing", NOW);
        await(pool.query("UPDATE failure_group_counter SET letters = 3, open = 2, discarded = 1, last_seen_at = now()")
                .execute());
        await(pool.preparedQuery("UPDATE failure_group_counter SET last_seen_at = now() - interval '3 days',"
                        + " first_seen_at = last_seen_at WHERE failure_group_id = $1")
                .execute(Tuple.of(old)));
        await(pool.preparedQuery("INSERT INTO failure_group_state (failure_group_id, triage, snoozed_rate, tags, label)"
                        + " VALUES ($1, 'snoozed', 50, '{pay,slow}', 'Prices')")
                .execute(Tuple.of(snoozed)));
        assertThat(facet("state")).contains("snoozed=1").doesNotContain("resolved=1");
        assertThat(facet("status")).containsExactly("discarded=3", "open=3");
        assertThat(facet("topic")).containsExactly("orders-dlt=3");
        assertThat(facet("class")).containsExactly("PriceException=3");
        assertThat(facet("label")).containsExactly("Prices=1");
        assertThat(facet("tag")).containsExactly("pay=1", "slow=1");
        assertThat(facet("tag&prefix=sl")).containsExactly("slow=1");
        assertThat(facet("ts")).containsExactly("<7d=3", "<1d=2", "<1h=2");
        assertThat(facet("topic&q=state:snoozed")).containsExactly("orders-dlt=1");
        var labels = get(LIST + "/facets?field=label", 200);
        assertThat(labels.getJsonObject("missing").encode()).isEqualTo("{\"value\":2,\"relation\":\"eq\"}");
    }

    /** What a facet counts is what its value finds when it is put into the filter. */
    @ParameterizedTest
    @CsvSource({
        "state",
        "status",
        "topic",
        "origin",
        "consumer",
        "class",
        "convention",
        "label",
        "tag",
        "assignee",
        "ts"
    })
    void everyValueFindsAsManyGroupsAsItCounts(String field) throws Exception {
        for (int i = 0; i < 4; i++) {
            meet("word" + "x".repeat(i) + " failed", NOW);
        }
        await(pool.query("UPDATE failure_group_counter SET letters = 1, open = failure_group_id % 2,"
                        + " first_seen_at = now() - failure_group_id * interval '25 hours',"
                        + " last_seen_at = now() - failure_group_id * interval '25 hours'")
                .execute());
        await(pool.query(
                        "INSERT INTO failure_group_state (failure_group_id, triage, tags, label, assignee)"
                                + " SELECT min(id), 'resolved', '{\"two words\"}', 'a \"quoted\" one', 'ana' FROM failure_group")
                .execute());
        for (Object one : get(LIST + "/facets?field=" + field, 200).getJsonArray("items")) {
            var value = ((JsonObject) one).getString("value");
            var written = List.of("ts", "state", "status").contains(field)
                    ? value
                    : "\"" + value.replace("\"", "\\\"") + "\"";
            var q = URLEncoder.encode(field + ":" + written, StandardCharsets.UTF_8);
            assertThat(get(LIST + "?count=true&q=" + q, 200).getJsonObject("total"))
                    .as(value)
                    .isEqualTo(((JsonObject) one).getJsonObject("count"));
        }
    }

    @Test
    @DisplayName("S-30: no parameter of the lists of failure groups reaches the text of a statement")
    void holdsWhatIsHostileForAText() throws Exception {
        meet("price is missing", NOW);
        await(pool.query("UPDATE failure_group_counter SET letters = 1").execute());
        for (var hostile : HOSTILE) {
            var value = "\"" + hostile.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
            for (var field : FIELDS) {
                var q = field + ":" + value + "," + value + "*,\"a." + value.substring(1) + "*";
                assertThat(found(q)).as(q).isEmpty();
            }
            for (var parameter :
                    List.of("q", "sort", "cursor", "window", "limit", "facets?field", "facets?field=class&prefix")) {
                var path = LIST + (parameter.startsWith("facets") ? "/" : "?") + parameter + "="
                        + URLEncoder.encode(hostile, StandardCharsets.UTF_8);
                var answer =
                        await(client.get(server.actualPort(), "127.0.0.1", path).send());
                assertThat(answer.statusCode()).as(path).isIn(200, 400);
            }
        }
        assertThat(found("")).hasSize(1);
    }

    private List<String> found(String q) throws Exception {
        var page = get(LIST + "?q=" + URLEncoder.encode(q, StandardCharsets.UTF_8), 200);
        return page.getJsonArray("items").stream()
                .map(item -> ((JsonObject) item).getString("id"))
                .toList();
    }

    private List<String> facet(String field) throws Exception {
        return get(LIST + "/facets?field=" + field, 200).getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .map(item -> item.getString("value") + "="
                        + item.getJsonObject("count").getLong("value"))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "/facets?field=topic&q=key:7, query-invalid, 400",
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
