package dev.redrive.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AccessTest {

    private static final String BEARER = "Bearer " + ApiServer.TOKEN;
    private static final Set<String> PUBLIC =
            Set.of("getContractYaml", "getContractJson", "listProblems", "openSession", "closeSession");

    private static final String FORM = "application/x-www-form-urlencoded";

    private static ApiServer server;

    @BeforeAll
    static void start() throws Exception {
        server = ApiServer.withToken();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Test
    void everyOperationOfTheContractIsInTheTable() {
        assertThat(ApiServer.CONTRACT.operations().keySet()).allMatch(Permissions::knows);
    }

    @Test
    void withoutATokenNothingIsAnsweredButWhatIsPublic() throws Exception {
        for (var operation : ApiServer.CONTRACT.operations().entrySet()) {
            for (var authorization : List.of(
                    "", "Bearer wrong", "Bearer ", "Basic " + ApiServer.TOKEN, "Bearer " + ApiServer.TOKEN + "x")) {
                var answer = call(
                        operation.getValue(),
                        authorization.isEmpty() ? List.of() : List.of("Authorization", authorization));
                if (PUBLIC.contains(operation.getKey())) {
                    assertThat(answer.statusCode()).as(operation.getKey()).isNotEqualTo(403);
                } else {
                    assertThat(answer.statusCode())
                            .as(operation + authorization)
                            .isEqualTo(401);
                    assertThat(answer.getHeader("WWW-Authenticate")).startsWith("Bearer");
                }
            }
        }
    }

    @Test
    void theTokenOpensEverything() throws Exception {
        for (var operation : ApiServer.CONTRACT.operations().entrySet()) {
            if (!operation.getKey().equals("streamEvents")
                    && !operation.getKey().equals("openSession")) {
                var answer = call(operation.getValue(), List.of("Authorization", BEARER));
                assertThat(answer.statusCode())
                        .as(operation.getKey() + answer.bodyAsString())
                        .isNotIn(401, 403);
            }
        }
        assertThat(server.get("/api/v1/me", "Authorization", BEARER)
                        .bodyAsJsonObject()
                        .getString("actor"))
                .isEqualTo("admin");
    }

    @Test
    @DisplayName("S-10: a changing request with a cookie needs the CSRF token and our own origin")
    void aSessionChangesOnlyFromOurOwnPages() throws Exception {
        var opened = open(ApiServer.TOKEN);
        var cookie = opened.getHeader("Set-Cookie").split(";", 2)[0];
        var csrf = opened.bodyAsJsonObject().getString("csrfToken");
        var path = "POST /api/v1/dead-letters/{id}/discards";
        assertThat(call("GET /api/v1/dead-letters", List.of("Cookie", cookie)).statusCode())
                .isEqualTo(200);
        assertThat(call(path, List.of("Cookie", cookie)).statusCode()).isEqualTo(403);
        assertThat(call(path, List.of("Cookie", cookie, "X-Redrive-CSRF", "1")).statusCode())
                .isEqualTo(403);
        assertThat(call(path, List.of("Cookie", cookie, "X-Redrive-CSRF", csrf, "Sec-Fetch-Site", "cross-site"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(call(path, List.of("Cookie", cookie, "X-Redrive-CSRF", csrf, "Sec-Fetch-Site", "same-site"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(call(path, List.of("Cookie", cookie, "X-Redrive-CSRF", csrf, "Origin", "https://evil.example"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(call(path, List.of("Cookie", cookie, "X-Redrive-CSRF", csrf, "Origin", "null"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(call(path, List.of("Cookie", cookie, "X-Redrive-CSRF", csrf, "Sec-Fetch-Site", "same-origin"))
                        .statusCode())
                .isEqualTo(404);
        assertThat(call(path, List.of("Cookie", cookie, "X-Redrive-CSRF", csrf)).statusCode())
                .isEqualTo(404);
    }

    @Test
    @DisplayName(
            "S-12: what curl -d says is read as JSON with a bearer token, and refused from anybody whom a form can act for")
    void takesTheFormTypeOfCurlFromABearerAlone() throws Exception {
        var opened = open(ApiServer.TOKEN);
        var cookie = opened.getHeader("Set-Cookie").split(";", 2)[0];
        var csrf = opened.bodyAsJsonObject().getString("csrfToken");
        assertThat(asCurl("{\"reason\":\"x\"}", "Authorization", BEARER)).isEqualTo(404);
        assertThat(asCurl("reason=x", "Authorization", BEARER)).isEqualTo(400);
        assertThat(asCurl("{}", "Authorization", BEARER, "Content-Encoding", "gzip"))
                .isEqualTo(415);
        assertThat(asCurl("{}", "Cookie", cookie, "X-Redrive-CSRF", csrf)).isEqualTo(415);
        for (var browser : List.of("Cookie", "Origin", "Referer", "Sec-Fetch-Site")) {
            assertThat(asCurl("{}", "Authorization", BEARER, browser, "none"))
                    .as(browser)
                    .isEqualTo(415);
        }
        var signIn = server.send(
                HttpMethod.POST,
                "/api/v1/sessions",
                new JsonObject().put("token", ApiServer.TOKEN).toBuffer(),
                "Content-Type",
                FORM);
        assertThat(signIn.statusCode()).isEqualTo(415);
    }

    private static int asCurl(String body, String... headers) throws Exception {
        var all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Content-Type", FORM));
        return server.send(
                        HttpMethod.POST,
                        "/api/v1/dead-letters/999/discards",
                        Buffer.buffer(body),
                        all.toArray(String[]::new))
                .statusCode();
    }

    @Test
    @DisplayName("S-13: the session cookie is HttpOnly and SameSite=Lax")
    void givesACookieThatNoScriptReads() throws Exception {
        var cookie = open(ApiServer.TOKEN).getHeader("Set-Cookie");
        assertThat(cookie)
                .startsWith("redrive-session=")
                .contains("HTTPOnly", "SameSite=Lax", "Path=/", "Max-Age=43200");
        assertThat(cookie).doesNotContain(ApiServer.TOKEN);
    }

    @Test
    void aSessionEndsWhenItIsClosedAndWhenItRunsOut() throws Exception {
        var first = open(ApiServer.TOKEN).getHeader("Set-Cookie").split(";", 2)[0];
        call("DELETE /api/v1/sessions", List.of("Cookie", first));
        assertThat(call("GET /api/v1/me", List.of("Cookie", first)).statusCode())
                .isEqualTo(401);
        var second = open(ApiServer.TOKEN).getHeader("Set-Cookie").split(";", 2)[0];
        assertThat(call("GET /api/v1/me", List.of("Cookie", second)).statusCode())
                .isEqualTo(200);
        ApiServer.await(server.pool()
                .query("UPDATE session SET used_at = now() - interval '31 minutes'")
                .execute());
        assertThat(call("GET /api/v1/me", List.of("Cookie", second)).statusCode())
                .isEqualTo(401);
    }

    @Test
    void opensNoSessionForAnotherToken() throws Exception {
        assertThat(open("wrong").statusCode()).isEqualTo(401);
        assertThat(call("GET /api/v1/me", List.of("Cookie", "redrive-session=forged"))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void withoutSignInOnlyThisMachineAndNoOtherSiteMayChange() throws Exception {
        try (var open = ApiServer.open()) {
            var path = "/api/v1/dead-letters/999/discards";
            assertThat(open.post(path, new JsonObject()).statusCode()).isEqualTo(404);
            assertThat(open.post(path, new JsonObject(), "Sec-Fetch-Site", "cross-site")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(open.post(path, new JsonObject(), "Origin", "https://evil.example")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(open.get("/api/v1/me", "Host", "evil.example").statusCode())
                    .isEqualTo(403);
            assertThat(open.get("/api/v1/me", "Host", "localhost").statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<Buffer> open(String token) throws Exception {
        return server.post("/api/v1/sessions", new JsonObject().put("token", token));
    }

    private static HttpResponse<Buffer> call(String operation, List<String> headers) throws Exception {
        var parts = operation.split(" ", 2);
        var path = parts[1].replace(
                "{id}", parts[1].contains("/replays/{") ? "00000000-0000-4000-8000-000000000000" : "999");
        var all = new ArrayList<>(headers);
        boolean body = parts[0].equals("POST") || parts[0].equals("PUT");
        if (body) {
            all.addAll(List.of("Content-Type", "application/json"));
        }
        return server.send(
                HttpMethod.valueOf(parts[0]), path, body ? Buffer.buffer("{}") : null, all.toArray(String[]::new));
    }
}
