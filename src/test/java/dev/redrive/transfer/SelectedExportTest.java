package dev.redrive.transfer;

import static dev.redrive.letter.StoredLetters.sample;
import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.audit.AuditStore;
import dev.redrive.http.ApiServer;
import dev.redrive.job.Jobs;
import dev.redrive.letter.StoredLetters;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A selection is exported as it was frozen, whatever fits its filter by now. */
class SelectedExportTest {

    private final Vertx vertx = Vertx.vertx();
    private ApiServer api;
    private StoredLetters letters;

    @BeforeEach
    void open() throws Exception {
        api = ApiServer.with(pool -> {
            var routes = new ArrayList<>(new Jobs(vertx, pool, List.of()).routes());
            routes.add(new ExportRoutes(pool, pool, new AuditStore(pool), Clock.systemUTC()));
            return builder -> routes.forEach(one -> one.bindTo(builder));
        });
        letters = new StoredLetters(api.pool());
    }

    @AfterEach
    void close() throws Exception {
        api.close();
        ApiServer.await(vertx.close());
    }

    private String freeze(JsonObject scope) throws Exception {
        return api.post("/api/v1/selections", scope).bodyAsJsonObject().getString("id");
    }

    private void change(long letter, String action) throws Exception {
        var answer = api.post("/api/v1/dead-letters/" + letter + "/" + action, new JsonObject());
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
    }

    private List<Long> exported(String selection) throws Exception {
        var answer = api.get("/api/v1/dead-letters/export?format=csv&columns=id&selectionId=" + selection);
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        var lines = answer.bodyAsString().lines().toList();
        var ids = lines.subList(1, lines.size() - 1);
        assertThat(lines.get(lines.size() - 1)).startsWith("# end letters=" + ids.size() + " ");
        return ids.stream().map(Long::valueOf).toList();
    }

    @Test
    void leavesOutWhatFitsOnlySinceTheSelectionWasFrozen() throws Exception {
        long same = letters.add(sample());
        long discardedLater = letters.add(sample());
        long restoredLater = letters.add(sample());
        change(restoredLater, "discards");
        var selection = freeze(new JsonObject().put("q", "is:open"));
        change(restoredLater, "restores");
        change(discardedLater, "discards");
        letters.add(sample());
        assertThat(exported(selection)).containsExactly(same);
    }

    @Test
    void leavesOutNamedLettersThatSomebodyChangedAsAJobDoes() throws Exception {
        long same = letters.add(sample());
        long changed = letters.add(sample());
        letters.add(sample());
        var ids = new JsonArray().add(Long.toString(same)).add(Long.toString(changed));
        var selection = freeze(new JsonObject().put("ids", ids));
        assertThat(exported(selection)).containsExactly(same, changed);
        change(changed, "discards");
        change(changed, "restores");
        assertThat(exported(selection)).containsExactly(same);
    }
}
