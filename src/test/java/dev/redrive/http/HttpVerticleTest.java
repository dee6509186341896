package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.redrive.Settings;
import dev.redrive.access.Access;
import dev.redrive.access.SessionStore;
import dev.redrive.testkit.LogLines;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HttpVerticleTest {

    private static ApiServer server;

    @BeforeAll
    static void start() throws Exception {
        server = ApiServer.open();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void doesNotStartWhenAnOperationIsServedByNobody() {
        var access = new Access(new Settings.Access(Settings.Access.Mode.NONE, null), new SessionStore(server.pool()));
        var http = new Settings.Http("127.0.0.1", 0, 0, "http://localhost");
        var bare = new HttpVerticle(http, ApiServer.CONTRACT, access, List.of(), new AtomicInteger());
        assertThatThrownBy(() -> ApiServer.await(server.vertx().deployVerticle(bare)))
                .hasMessageContaining("listDeadLetters");
    }

    @Test
    void everyOperationIsGuardedAndAnswers() throws Exception {
        var broken = new TreeSet<String>();
        for (var operation : ApiServer.operations().entrySet()) {
            if (operation.getKey().equals("streamEvents")) {
                continue;
            }
            var answer = call(operation.getValue());
            if (answer.statusCode() == 405 || answer.statusCode() == 500 || answer.statusCode() == 403) {
                broken.add(operation.getKey() + " " + answer.statusCode() + " " + answer.bodyAsString());
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    @DisplayName("S-14: security headers on every route and on every error")
    void sendsSecurityHeadersWithEveryAnswer() throws Exception {
        var paths = new TreeSet<>(List.of(
                "GET /", "GET /ui/", "GET /ui/nothing/there", "GET /ui/assets/no.js", "GET /no", "PATCH /api/v1/me"));
        paths.addAll(ApiServer.operations().values());
        paths.remove("GET /api/v1/events");
        for (var path : paths) {
            var answer = call(path);
            assertThat(answer.getHeader("Content-Security-Policy")).as(path).isEqualTo(Frame.CONTENT_SECURITY_POLICY);
            assertThat(answer.getHeader("X-Content-Type-Options")).as(path).isEqualTo("nosniff");
            assertThat(answer.getHeader("Referrer-Policy")).as(path).isEqualTo("no-referrer");
            assertThat(answer.getHeader("Redrive-Trace-Id")).as(path).matches("[0-9a-f]{32}");
            assertThat(answer.getHeader("Access-Control-Allow-Origin")).as(path).isNull();
            if (path.contains("/api/v1/")) {
                assertThat(answer.getHeader("Cache-Control")).as(path).isEqualTo("no-store");
            }
        }
    }

    @Test
    void everyErrorIsAProblemOfTheCatalogue() throws Exception {
        var catalogue = server.json("/api/problems").getJsonArray("items").stream()
                .map(item -> ((JsonObject) item).getString("code"))
                .toList();
        assertThat(catalogue).hasSameSizeAs(ProblemCode.values()).doesNotHaveDuplicates();
        for (var path : List.of(
                "GET /nothing",
                "GET /api/v1/nothing",
                "PATCH /api/v1/me",
                "GET /api/v1/dead-letters/x",
                "GET /api/v1/dead-letters/999",
                "POST /api/v1/dead-letters/1/discards?x=1",
                "GET /api/v1/audit?limit=x")) {
            var answer = call(path);
            assertThat(answer.statusCode()).as(path).isBetween(400, 499);
            assertThat(answer.getHeader("Content-Type")).as(path).isEqualTo("application/problem+json");
            var problem = answer.bodyAsJsonObject();
            assertThat(catalogue).as(path).contains(problem.getString("code"));
            assertThat(problem.getInteger("status")).isEqualTo(answer.statusCode());
            assertThat(problem.getString("traceId")).isEqualTo(answer.getHeader("Redrive-Trace-Id"));
            assertThat(problem.getString("type")).isEqualTo("/api/problems#" + problem.getString("code"));
        }
        assertThat(call("GET /api/v1/nothing").statusCode()).isEqualTo(404);
        assertThat(call("PATCH /api/v1/me").statusCode()).isEqualTo(405);
    }

    @Test
    @DisplayName(
            "Takes over no trace that W3C Trace Context calls invalid, and one of a later version with more fields")
    void takesOverNoTraceThatIsNone() throws Exception {
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var ids = trace + "-00f067aa0ba902b7-01";
        for (var invalid : List.of(
                "ff-" + ids,
                "00-" + "0".repeat(32) + "-00f067aa0ba902b7-01",
                "00-" + trace + "-" + "0".repeat(16) + "-01",
                "00-" + ids + "-more",
                "01-" + ids + "more",
                "00-" + trace.toUpperCase(Locale.ROOT) + "-00f067aa0ba902b7-01")) {
            assertThat(server.get("/api/v1/me", "traceparent", invalid).getHeader("Redrive-Trace-Id"))
                    .as(invalid)
                    .matches("(?!0{32})[0-9a-f]{32}")
                    .isNotEqualTo(trace);
        }
        assertThat(server.get("/api/v1/me", "traceparent", "01-" + ids + "-more")
                        .getHeader("Redrive-Trace-Id"))
                .isEqualTo(trace);
    }

    @Test
    void takesOverTheTraceAndTheRequestIdOfTheCaller() throws Exception {
        var trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        var answer = server.get(
                "/api/v1/nothing", "traceparent", "00-" + trace + "-00f067aa0ba902b7-01", "X-Request-Id", "run-7");
        assertThat(answer.bodyAsJsonObject().getString("traceId")).isEqualTo(trace);
        assertThat(answer.getHeader("X-Request-Id")).isEqualTo("run-7");
        assertThat(server.get("/api/v1/me", "X-Request-Id", "a b<c>").getHeader("X-Request-Id"))
                .isNull();
    }

    @Test
    @DisplayName("S-12: text/plain or a form to a JSON operation is refused with 415")
    void refusesOtherMediaTypes() throws Exception {
        for (var type : List.of("text/plain", "application/x-www-form-urlencoded", "application/jsonp", "")) {
            var answer = server.send(
                    HttpMethod.POST, "/api/v1/dead-letters/1/discards", Buffer.buffer("{}"), "Content-Type", type);
            assertThat(answer.statusCode()).as(type).isEqualTo(415);
        }
        var packed = server.send(
                HttpMethod.POST,
                "/api/v1/dead-letters/1/discards",
                Buffer.buffer("{}"),
                "Content-Type",
                "application/json",
                "Content-Encoding",
                "gzip");
        assertThat(packed.statusCode()).isEqualTo(415);
        var charset = server.send(
                HttpMethod.POST,
                "/api/v1/dead-letters/999/discards",
                Buffer.buffer("{}"),
                "Content-Type",
                "application/json; charset=utf-8");
        assertThat(charset.statusCode()).isEqualTo(404);
    }

    @Test
    @DisplayName("S-51: a body over the limit is refused, announced or chunked")
    void boundsBodies() throws Exception {
        var large = new byte[(1 << 20) + 1];
        Arrays.fill(large, (byte) ' ');
        var announced = server.send(
                HttpMethod.POST,
                "/api/v1/dead-letters/1/discards",
                Buffer.buffer(large),
                "Content-Type",
                "application/json");
        assertThat(announced.statusCode()).isEqualTo(413);
        assertThat(announced.bodyAsJsonObject().getString("code")).isEqualTo("payload-too-large");
    }

    @Test
    void readsABodyWithoutALengthOnEveryConnection() throws Exception {
        // By default this client asks for HTTP/2, where such a body has no header that tells of it.
        var client = java.net.http.HttpClient.newHttpClient();
        var uri = URI.create("http://127.0.0.1:" + server.port() + "/api/v1/dead-letters/1/discards");
        for (int i = 0; i < 2; i++) {
            var body = BodyPublishers.fromPublisher(BodyPublishers.ofString("{\"unknown\":true}"));
            var request = HttpRequest.newBuilder(uri)
                    .header("Content-Type", "application/json")
                    .POST(body)
                    .build();
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void takesNobodysLeavingForAFaultOfItsOwn() throws Exception {
        var reached = Promise.<Void>promise();
        var left = Promise.<Void>promise();
        Routes slow = routes -> routes.getRoute("getRetention").addHandler(Call.answering(call -> {
            call.request().connection().closeHandler(gone -> left.complete());
            reached.complete();
            return left.future().map(gone -> Reply.ok(new JsonObject()));
        }));
        try (var other = ApiServer.with(pool -> slow);
                var lines = LogLines.of(Problem.class, other.vertx())) {
            var socket = ApiServer.await(other.vertx().createNetClient().connect(other.port(), "127.0.0.1"));
            ApiServer.await(socket.write("GET /api/v1/settings/retention HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            ApiServer.await(reached.future());
            ApiServer.await(socket.close());
            ApiServer.await(left.future());
            assertThat(other.get("/api/v1/me").statusCode()).isEqualTo(200);
            assertThat(lines.all()).isEmpty();
        }
    }

    @Test
    @DisplayName("S-25: unknown fields of a body are refused; S-52: deep JSON is refused fast")
    void checksBodiesAgainstTheContract() throws Exception {
        for (var body :
                List.of("{\"status\":\"open\"}", "{\"reason\":7}", "[]", "\"x\"", "{", "7", "[".repeat(100_000))) {
            var answer = server.send(
                    HttpMethod.POST,
                    "/api/v1/dead-letters/1/discards",
                    Buffer.buffer(body),
                    "Content-Type",
                    "application/json");
            assertThat(answer.statusCode())
                    .as(body.substring(0, Math.min(20, body.length())) + answer.bodyAsString())
                    .isEqualTo(400);
            assertThat(answer.bodyAsJsonObject().getString("code")).isEqualTo("validation-failed");
        }
    }

    @Test
    @DisplayName("S-11: a change by GET or by a method override is refused")
    void changesOnlyByTheirOwnMethod() throws Exception {
        assertThat(server.get("/api/v1/dead-letters/1/discards").statusCode()).isEqualTo(405);
        assertThat(server.get("/api/v1/dead-letters/1/discards", "X-HTTP-Method-Override", "POST")
                        .statusCode())
                .isEqualTo(405);
    }

    @Test
    void servesTheContractAsItStands() throws Exception {
        var yaml = server.get("/api/openapi.yaml");
        assertThat(yaml.bodyAsString()).startsWith("openapi: 3.1.0").contains("application/problem+json");
        assertThat(server.json("/api/openapi.json").getJsonObject("paths").fieldNames())
                .contains("/api/v1/dead-letters");
    }

    @Test
    void leadsFromTheRootToTheUi() throws Exception {
        assertThat(server.get("/").getHeader("Location")).isEqualTo("/ui/");
        assertThat(server.get("/ui/letters/7").getHeader("Content-Type")).startsWith("text/html");
    }

    /** With values that fit the contract, for things that do not exist. */
    private static io.vertx.ext.web.client.HttpResponse<Buffer> call(String operation) throws Exception {
        var parts = operation.split(" ", 2);
        var path = parts[1].contains("/replays/{id}")
                ? parts[1].replace("{id}", "00000000-0000-4000-8000-000000000000")
                : parts[1].replace("{id}", "999");
        boolean body = parts[0].equals("POST") || parts[0].equals("PUT");
        return body
                ? server.send(
                        HttpMethod.valueOf(parts[0]), path, Buffer.buffer("{}"), "Content-Type", "application/json")
                : server.send(HttpMethod.valueOf(parts[0]), path, null);
    }
}
