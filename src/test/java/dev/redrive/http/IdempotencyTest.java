package dev.redrive.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class IdempotencyTest {

    private static final String PATH = "/api/v1/dead-letters/1/replays";
    private static final String BODY = "{\"source\":\"original\"}";

    private volatile boolean fails;
    private volatile boolean slow;
    private ApiServer server;

    @BeforeEach
    void start() throws Exception {
        server = ApiServer.with(Work::new);
        ApiServer.await(server.pool()
                .query("CREATE TABLE done (id uuid PRIMARY KEY DEFAULT gen_random_uuid())")
                .execute());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    /** Stands for a replay: writes a row and answers its id. */
    private final class Work implements Routes {
        private final Idempotency idempotency;

        Work(Pool pool) {
            idempotency = new Idempotency(pool);
        }

        @Override
        public void bindTo(RouterBuilder routes) {
            routes.getRoute("replayDeadLetter").addHandler(Call.answering(call -> idempotency.once(call, this::run)));
        }

        private Future<Reply> run(SqlConnection connection) {
            return connection
                    .query(slow ? "SELECT pg_sleep(6)" : "SELECT 1")
                    .execute()
                    .compose(slept -> connection
                            .query("INSERT INTO done DEFAULT VALUES RETURNING id")
                            .execute())
                    .map(rows -> {
                        if (fails) {
                            throw RefusedException.notFound("refused");
                        }
                        var id = rows.iterator().next().getUUID(0).toString();
                        return Reply.accepted(new JsonObject().put("id", id), "/api/v1/replays/" + id);
                    });
        }
    }

    @Test
    @DisplayName("L-23: the same Idempotency-Key 50 times in parallel acts once; another body with it answers 422")
    void actsOnceForOneKey() throws Exception {
        var key = UUID.randomUUID().toString();
        var asked = new ArrayList<Future<HttpResponse<Buffer>>>();
        for (int i = 0; i < 50; i++) {
            asked.add(ask(key, BODY));
        }
        var ids = new HashSet<String>();
        int fresh = 0;
        for (var one : asked) {
            var answer = ApiServer.await(one);
            assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(202);
            ids.add(answer.bodyAsJsonObject().getString("id"));
            assertThat(answer.getHeader("Location")).startsWith("/api/v1/replays/");
            fresh += answer.getHeader("Idempotency-Replayed") == null ? 1 : 0;
        }
        assertThat(ids).hasSize(1);
        assertThat(fresh).isEqualTo(1);
        assertThat(done()).isEqualTo(1);
        var other = ApiServer.await(ask(key, "{\"source\":\"draft\"}"));
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(other.bodyAsJsonObject().getString("code")).isEqualTo("idempotency-key-reused");
    }

    @Test
    void refusesARequestWithoutAKeyAndWithAnUnprintableOne() throws Exception {
        var missing = server.post(PATH, new JsonObject(BODY));
        assertThat(missing.statusCode()).isEqualTo(400);
        assertThat(missing.bodyAsJsonObject().getString("code")).isEqualTo("idempotency-key-missing");
        assertThat(ApiServer.await(ask("ü", BODY)).statusCode()).isEqualTo(400);
        assertThat(done()).isZero();
    }

    @Test
    void takesAQuotedKeyForTheSameAsABareOne() throws Exception {
        var first = ApiServer.await(ask("\"inc-4711\"", BODY));
        var second = ApiServer.await(ask("inc-4711", BODY));
        assertThat(second.bodyAsJsonObject()).isEqualTo(first.bodyAsJsonObject());
        assertThat(second.getHeader("Idempotency-Replayed")).isEqualTo("true");
    }

    @Test
    void forgetsARefusedRequestTogetherWithItsWork() throws Exception {
        fails = true;
        assertThat(ApiServer.await(ask("k", BODY)).statusCode()).isEqualTo(404);
        assertThat(done()).isZero();
        fails = false;
        assertThat(ApiServer.await(ask("k", BODY)).statusCode()).isEqualTo(202);
        assertThat(done()).isEqualTo(1);
    }

    @Test
    void answers409WhileTheFirstRequestRunsForLong() throws Exception {
        slow = true;
        var first = ask("k", BODY);
        var second = ask("k", BODY);
        var statuses = java.util.List.of(ApiServer.await(first), ApiServer.await(second));
        assertThat(statuses).extracting(HttpResponse::statusCode).containsExactlyInAnyOrder(202, 409);
        var refused = statuses.stream()
                .filter(answer -> answer.statusCode() == 409)
                .findFirst()
                .orElseThrow();
        assertThat(refused.getHeader("Retry-After")).isEqualTo("1");
        assertThat(refused.bodyAsJsonObject().getString("code")).isEqualTo("idempotency-in-progress");
        assertThat(done()).isEqualTo(1);
    }

    @Test
    void actsAgainAfterSevenDays() throws Exception {
        ApiServer.await(ask("k", BODY));
        ApiServer.await(server.pool()
                .query("UPDATE idempotency_key SET created_at = now() - interval '8 days'")
                .execute());
        assertThat(ApiServer.await(ask("k", "{\"source\":\"draft\"}")).statusCode())
                .isEqualTo(202);
        assertThat(done()).isEqualTo(2);
    }

    private Future<HttpResponse<Buffer>> ask(String key, String body) {
        return server.ask(
                HttpMethod.POST, PATH, Buffer.buffer(body), "Content-Type", "application/json", "Idempotency-Key", key);
    }

    private long done() throws Exception {
        return ApiServer.await(server.pool().query("SELECT count(*) FROM done").execute())
                .iterator()
                .next()
                .getLong(0);
    }
}
