package dev.redrive.transfer;

import static dev.redrive.letter.StoredLetters.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.audit.AuditStore;
import dev.redrive.http.ApiServer;
import dev.redrive.http.Routes;
import dev.redrive.letter.Storage;
import dev.redrive.letter.StoredLetters;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.sqlclient.Pool;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files that somebody wrote by hand, and letters that come where people have decided already. */
class HostileImportTest {

    private final Vertx vertx = Vertx.vertx();
    private ApiServer first;
    private ApiServer second;
    private StoredLetters letters;

    @BeforeEach
    void open() throws Exception {
        first = ApiServer.with(this::routes);
        second = ApiServer.with(this::routes);
        letters = new StoredLetters(first.pool());
    }

    private Routes routes(Pool pool) {
        var audit = new AuditStore(pool);
        return (RouterBuilder routes) -> {
            new ExportRoutes(pool, pool, audit, Clock.systemUTC()).bindTo(routes);
            new ImportRoutes(vertx, pool, audit, 2 << 20).bindTo(routes);
        };
    }

    @AfterEach
    void close() throws Exception {
        first.close();
        second.close();
        ApiServer.await(vertx.close());
    }

    private static List<String> export(ApiServer from) throws Exception {
        return from.get("/api/v1/dead-letters/export").bodyAsString().lines().toList();
    }

    private JsonObject load(List<String> lines) throws Exception {
        var answer = second.send(
                HttpMethod.POST,
                "/api/v1/dead-letters/import",
                Buffer.buffer(String.join("\n", lines)),
                "Content-Type",
                "application/x-ndjson");
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        return answer.bodyAsJsonObject();
    }

    private static long number(ApiServer of, String sql) throws Exception {
        return ApiServer.await(of.pool().query(sql).execute()).iterator().next().getLong(0);
    }

    @Test
    void aFileThatLiesIsToldLineByLineAndLeavesNothingThatCannotBeExported() throws Exception {
        long noted = letters.add(sample());
        ApiServer.await(first.pool()
                .query("INSERT INTO letter_note (letter_id, author, text) VALUES (" + noted + ", 'bob', 'look');"
                        + " UPDATE letter_state SET notes = 1")
                .execute());
        letters.add(sample().withValue(null));
        letters.add(sample().withValue(Buffer.buffer(new byte[600_000])).withStorage(Storage.CHUNKED));
        var lines = export(first);
        var value = new JsonObject(lines.get(1));
        var nothing = new JsonObject(lines.get(2)).put("storage", "chunked");
        var report = load(List.of(
                lines.get(0),
                nothing.encode(),
                nothing.copy().put("valueSize", Long.MAX_VALUE).encode(),
                value.copy().put("valueSize", 2).encode(),
                value.copy().putNull("valueSize").encode(),
                lines.get(3),
                "{\"piece\":0}",
                "{\"redriveExport\":{\"end\":true,\"letters\":\"many\"}}",
                value.encode(),
                value.copy().put("tags", new JsonArray().add("other")).encode()));
        assertThat(report.getJsonArray("errors").stream().map(error -> ((JsonObject) error).getInteger("line")))
                .containsExactly(2, 3, 4, 5, 7, 8);
        assertThat(report.getInteger("stored")).isEqualTo(1);
        assertThat(report.getInteger("known")).isEqualTo(1);
        assertThat(report.getBoolean("complete")).isFalse();
        assertThat(export(second)).hasSize(3).contains(lines.get(1));
        assertThat(number(second, "SELECT count(*) FROM letter_note")).isEqualTo(1);
    }

    @Test
    void bringsNoFailureGroupBackThatWasResolved() throws Exception {
        letters.add(sample());
        letters.add(sample());
        var lines = export(first);
        load(lines.subList(0, 2));
        ApiServer.await(second.pool()
                .query(
                        "INSERT INTO failure_group_state (failure_group_id, triage) SELECT id, 'resolved' FROM failure_group")
                .execute());
        assertThat(load(lines).getInteger("stored")).isEqualTo(1);
        assertThat(number(second, "SELECT letters FROM failure_group_counter")).isEqualTo(2);
        assertThat(number(second, "SELECT count(*) FROM failure_group_state WHERE triage = 'resolved'"))
                .isEqualTo(1);
    }
}
