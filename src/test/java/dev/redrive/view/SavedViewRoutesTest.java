package dev.redrive.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SavedViewRoutesTest {

    private static final String VIEWS = "/api/v1/saved-views";

    private ApiServer server;

    @BeforeEach
    void start() throws Exception {
        server = ApiServer.open();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private static JsonObject view(String name) {
        return new JsonObject()
                .put("name", name)
                .put("q", "topic:orders-dlt   AND (is:open)")
                .put("columns", new JsonArray().add("topic").add("payload.order.id"))
                .put("sort", "-id")
                .put("tab", "letters");
    }

    @Test
    void keepsTheFilterInItsOneWayOfWriting() throws Exception {
        var created = server.post(VIEWS, view("mornings"));
        assertThat(created.statusCode()).as(created.bodyAsString()).isEqualTo(201);
        assertThat(created.getHeader("ETag")).isEqualTo("\"v1\"");
        var kept = created.bodyAsJsonObject();
        assertThat(created.getHeader("Location")).isEqualTo(VIEWS + "/" + kept.getString("id"));
        assertThat(kept.getString("q")).isEqualTo("topic:orders-dlt is:open");
        assertThat(kept.getBoolean("mine")).isTrue();
        assertThat(server.json(VIEWS).getJsonArray("items")).containsExactly(kept);
    }

    @Test
    void replacesOnlyWhatTheCallerSaw() throws Exception {
        var path =
                VIEWS + "/" + server.post(VIEWS, view("a")).bodyAsJsonObject().getString("id");
        assertThat(put(path, view("b")).statusCode()).isEqualTo(428);
        var replaced = put(path, view("b").put("shared", true), "If-Match", "\"v1\"");
        assertThat(replaced.bodyAsJsonObject().getString("name")).isEqualTo("b");
        assertThat(replaced.getHeader("ETag")).isEqualTo("\"v2\"");
        assertThat(put(path, view("c"), "If-Match", "\"v1\"").statusCode()).isEqualTo(412);
        assertThat(server.send(HttpMethod.DELETE, path, null, "If-Match", "\"v1\"")
                        .statusCode())
                .isEqualTo(412);
        assertThat(server.send(HttpMethod.DELETE, path, null, "If-Match", "\"v2\"")
                        .statusCode())
                .isEqualTo(204);
        assertThat(server.send(HttpMethod.DELETE, path, null, "If-Match", "\"v2\"")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void refusesANameThatIsTakenAndAFilterThatIsNone() throws Exception {
        server.post(VIEWS, view("a"));
        assertThat(server.post(VIEWS, view("a")).statusCode()).isEqualTo(409);
        var other =
                VIEWS + "/" + server.post(VIEWS, view("b")).bodyAsJsonObject().getString("id");
        assertThat(put(other, view("a"), "If-Match", "\"v1\"").statusCode()).isEqualTo(409);
        var invalid = server.post(VIEWS, view("c").put("q", "clas:x"));
        assertThat(invalid.statusCode()).isEqualTo(400);
        assertThat(invalid.bodyAsJsonObject().getString("code")).isEqualTo("query-invalid");
        assertThat(server.post(VIEWS, view("")).statusCode()).isEqualTo(400);
    }

    @Test
    void keepsNoMoreThan200OfOneOwnerHoweverManyAreSavedAtOnce() throws Exception {
        ApiServer.await(server.pool().query("""
                        INSERT INTO saved_view (owner, name, shared, target, q, columns)
                        SELECT 'anonymous', 'v' || n, false, 'letters', '', '{}' FROM generate_series(1, 197) AS n""").execute());
        var asked = IntStream.range(0, 12)
                .mapToObj(i -> view("at once " + i).toBuffer())
                .map(body -> server.ask(HttpMethod.POST, VIEWS, body, "Content-Type", "application/json"))
                .toList();
        var statuses = new ArrayList<Integer>();
        for (var one : asked) {
            statuses.add(ApiServer.await(one).statusCode());
        }
        assertThat(statuses)
                .containsOnly(201, 409)
                .filteredOn(status -> status == 201)
                .hasSize(3);
        assertThat(server.json(VIEWS).getJsonArray("items")).hasSize(200);
    }

    @Test
    void hidesPrivateViewsOfOthersAndLeavesSharedOnesToTheirOwners() throws Exception {
        server.pool().query("""
                        INSERT INTO saved_view (owner, name, shared, target, q, columns)
                        VALUES ('ben', 'private', false, 'letters', '', '{}'), ('ben', 'shared', true, 'groups', '', '{}')""").execute().await(10, java.util.concurrent.TimeUnit.SECONDS);
        var items = server.json(VIEWS).getJsonArray("items");
        assertThat(items).hasSize(1);
        assertThat(items.getJsonObject(0).getString("owner")).isEqualTo("ben");
        assertThat(items.getJsonObject(0).getBoolean("mine")).isFalse();
        assertThat(put(VIEWS + "/1", view("x"), "If-Match", "*").statusCode()).isEqualTo(404);
    }

    @Test
    void everyChangeIsInTheAudit() throws Exception {
        var path =
                VIEWS + "/" + server.post(VIEWS, view("a")).bodyAsJsonObject().getString("id");
        put(path, view("b"), "If-Match", "*");
        server.send(HttpMethod.DELETE, path, null, "If-Match", "*");
        var actions = server.json("/api/v1/audit").getJsonArray("items").stream()
                .map(JsonObject.class::cast)
                .filter(event -> path.equals(event.getString("object")))
                .map(event -> event.getString("action"));
        assertThat(actions).containsExactly("view-dropped", "view-saved", "view-saved");
    }

    private io.vertx.ext.web.client.HttpResponse<io.vertx.core.buffer.Buffer> put(
            String path, JsonObject body, String... headers) throws Exception {
        var all = new ArrayList<>(java.util.List.of(headers));
        all.add("Content-Type");
        all.add("application/json");
        return server.send(HttpMethod.PUT, path, body.toBuffer(), all.toArray(String[]::new));
    }
}
