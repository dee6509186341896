package dev.redrive.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditRoutesTest {

    private ApiServer api;

    @BeforeEach
    void write() throws Exception {
        api = ApiServer.open();
        ApiServer.await(api.pool().query("""
                        INSERT INTO audit_event (at, actor, action, letter_id, object, reason)
                        SELECT timestamptz '2026-11-23T00:00:00Z' + n * interval '1 minute',
                          CASE n % 3 WHEN 0 THEN 'ana' WHEN 1 THEN 'Bob' ELSE 'system' END,
                          CASE n % 2 WHEN 0 THEN 'discarded' ELSE 'restored' END,
                          CASE WHEN n % 5 = 0 THEN n END, '/api/v1/topics/t' || n % 4,
                          CASE WHEN n % 7 = 0 THEN 'INC-47_11 100% sure' END
                        FROM generate_series(1, 1210) AS n""").execute());
    }

    @AfterEach
    void close() throws Exception {
        api.close();
    }

    private List<JsonObject> export(String filter) throws Exception {
        var answer = api.get("/api/v1/audit/export?" + filter);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.getHeader("Content-Type")).isEqualTo("application/x-ndjson");
        var text = answer.bodyAsString();
        return text == null
                ? List.of()
                : Arrays.stream(text.split("\n")).map(JsonObject::new).toList();
    }

    @Test
    void exportsEveryEventOnceAndNewestFirst() throws Exception {
        var ids = export("").stream()
                .map(line -> Long.valueOf(line.getString("id")))
                .toList();
        assertThat(ids).hasSize(1210).doesNotHaveDuplicates().isSortedAccordingTo((a, b) -> Long.compare(b, a));
    }

    @ParameterizedTest
    @CsvSource({
        "actor=ana, 403",
        "action=restored, 605",
        "actor=Bob&action=restored, 202",
        "letter=500, 1",
        "object=/api/v1/topics/t3, 302",
        "from=2026-11-23T20:00:00Z, 11",
        "to=2026-11-23T00:10:00Z, 9",
        "text=bob, 404",
        "text=47_11, 172",
        "text=100%25 inc sure, 172",
        "text=ana t1 discarded, 0",
        "text=ana t2 discarded, 101",
        "actor=nobody, 0"
    })
    void narrowsByEachPart(String filter, int expected) throws Exception {
        assertThat(export(filter.replace(" ", "%20"))).hasSize(expected);
    }

    @Test
    void pagesThroughTheSameEvents() throws Exception {
        var first = api.json("/api/v1/audit?text=bob&limit=300");
        var next = first.getJsonObject("page").getString("next");
        var second = api.json("/api/v1/audit?text=bob&limit=300&cursor=" + next);
        assertThat(first.getJsonArray("items").size()
                        + second.getJsonArray("items").size())
                .isEqualTo(404);
        assertThat(api.get("/api/v1/audit?text=ana&limit=300&cursor=" + next).statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from=yesterday",
                "from=%2B999999999-01-01T00:00:00Z",
                "to=2026-13-01T00:00:00Z",
                "letter=x",
                "unknown=1",
                "actor=%00"
            })
    void refusesWhatItDoesNotUnderstand(String filter) throws Exception {
        assertThat(api.get("/api/v1/audit?" + filter).statusCode()).isEqualTo(400);
        assertThat(api.get("/api/v1/audit/export?" + filter).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @DisplayName("S-30 no part of the audit filter is read as SQL")
    @ValueSource(
            strings = {"' OR '1'='1", "1; DROP TABLE audit_event", "%' OR 1=1 --", "$1", "\\'; SELECT pg_sleep(9) --"})
    void takesEveryValueAsText(String hostile) throws Exception {
        var encoded = URLEncoder.encode(hostile, StandardCharsets.UTF_8);
        for (var name : List.of("actor", "object", "text")) {
            assertThat(export(name + "=" + encoded)).as(name).isEmpty();
        }
        assertThat(export("")).hasSize(1210);
    }
}
