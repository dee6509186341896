package dev.redrive.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import dev.redrive.testkit.Eventually;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Stack traces are removed while letters come in that have them. */
class TraceStoreTest {

    private static final Buffer HASH = Buffer.buffer("sixteen bytes !!");

    /** As LetterInsertStore has it. */
    private static final String TRACE = """
            INSERT INTO stack_trace (hash, frames)
            SELECT hash, frames FROM unnest($1::bytea[], $2::bytea[]) AS met (hash, frames)
            WHERE pg_current_xact_id() IS NOT NULL ORDER BY hash
            ON CONFLICT (hash) DO NOTHING""";

    private RetentionDesk desk;
    private TraceStore traces;
    private RunStore.Run run;
    private long letter;

    @BeforeEach
    void open() throws Exception {
        desk = new RetentionDesk();
        traces = new TraceStore(desk.vertx, desk.runs);
        run = ApiServer.await(desk.runs.begin(List.of(), Duration.ZERO)).orElseThrow();
        letter = desk.letter("orders-dlt", "open", 1);
        ApiServer.await(trace(desk.api.pool()));
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    private static Future<Void> trace(SqlClient client) {
        return client.preparedQuery(TRACE)
                .execute(Tuple.tuple()
                        .addArrayOfBuffer(new Buffer[] {HASH})
                        .addArrayOfBuffer(new Buffer[] {Buffer.buffer("at")}))
                .mapEmpty();
    }

    private Future<Void> use(SqlConnection connection) {
        return connection
                .preparedQuery("UPDATE dead_letter SET trace_hash = $1 WHERE id = $2")
                .execute(Tuple.of(HASH, letter))
                .mapEmpty();
    }

    private int remove() throws Exception {
        return ApiServer.await(traces.remove(run, List.of(HASH)));
    }

    @Test
    void findsAndRemovesTheTraceThatNoLetterHas() throws Exception {
        assertThat(ApiServer.await(traces.page(Buffer.buffer())).orphans()).containsExactly(HASH);
        assertThat(remove()).isEqualTo(1);
        assertThat(desk.count("stack_trace")).isZero();
        assertThat(ApiServer.await(desk.runs.latest()).orElseThrow().traces()).isEqualTo(1);
        ApiServer.await(trace(desk.api.pool()));
        assertThat(desk.count("stack_trace")).isEqualTo(1);
    }

    @Test
    void keepsTheTraceThatALetterHas() throws Exception {
        ApiServer.await(desk.api.pool().withTransaction(this::use));
        assertThat(ApiServer.await(traces.page(Buffer.buffer())).orphans()).isEmpty();
        assertThat(remove()).isZero();
        assertThat(desk.count("stack_trace")).isEqualTo(1);
    }

    @Test
    @DisplayName("A trace stays while a letter is being stored that saw it, and after that letter is there")
    void waitsForWhoeverSawIt() throws Exception {
        var removed = ApiServer.await(desk.api
                .pool()
                .withTransaction(storing -> trace(storing)
                        .compose(seen -> traces.remove(run, List.of(HASH)))
                        .compose(gaveUp -> use(storing).map(gaveUp))));
        assertThat(removed).isZero();
        assertThat(desk.count("stack_trace")).isEqualTo(1);
        assertThat(remove()).isZero();
        assertThat(desk.count("dead_letter d JOIN stack_trace t ON t.hash = d.trace_hash"))
                .isEqualTo(1);
    }

    @Test
    @DisplayName("A letter that ends within the wait keeps its trace, and nobody waits for long")
    void seesTheLetterThatCameInMeanwhile() throws Exception {
        var storing = ApiServer.await(desk.api.pool().getConnection());
        var transaction = ApiServer.await(storing.begin());
        ApiServer.await(trace(storing));
        var removing = traces.remove(run, List.of(HASH));
        ApiServer.await(use(storing).compose(used -> transaction.commit()));
        assertThat(ApiServer.await(removing)).isZero();
        ApiServer.await(storing.close());
        assertThat(desk.count("dead_letter d JOIN stack_trace t ON t.hash = d.trace_hash"))
                .isEqualTo(1);
    }

    @Test
    @DisplayName("Whoever looks after the deletion waits for its end and stores the trace anew")
    void letsOthersStoreItAnew() throws Exception {
        var busy = ApiServer.await(desk.api.pool().getConnection());
        var transaction = ApiServer.await(busy.begin());
        ApiServer.await(busy.query("SELECT pg_current_xact_id()").execute());
        var removing = traces.remove(run, List.of(HASH));
        Eventually.until(
                Duration.ofSeconds(10),
                () -> desk.count("pg_stat_activity WHERE state = 'idle in transaction' AND query LIKE '%are_over%'")
                        > 0);
        var storing =
                desk.api.pool().withTransaction(connection -> trace(connection).compose(stored -> use(connection)));
        ApiServer.await(transaction.rollback());
        ApiServer.await(storing);
        assertThat(ApiServer.await(removing)).isEqualTo(1);
        ApiServer.await(busy.close());
        assertThat(desk.count("dead_letter d JOIN stack_trace t ON t.hash = d.trace_hash"))
                .isEqualTo(1);
    }
}
