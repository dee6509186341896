package dev.redrive.grouping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import dev.redrive.testkit.Eventually;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A group that is resolved while letters of it come in: each of them is there before the decision, or undoes it. */
class ResolvedGroupTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final JsonObject RESOLVED = new JsonObject().put("state", "resolved");

    private GroupDesk desk;
    private String price;

    @BeforeEach
    void store() throws Exception {
        desk = new GroupDesk();
        price = desk.letters("shop.PriceException", "no price");
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    private boolean somebodyWaits() throws Exception {
        return desk.sql("SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
                        .size()
                > 0;
    }

    @Test
    @DisplayName("A letter that is stored while its group is being resolved brings the group back")
    void isBackWithTheLetterThatComesMeanwhile() throws Exception {
        var connection = ApiServer.await(desk.api.pool().getConnection());
        var transaction = ApiServer.await(connection.begin());
        var triage = new GroupTriageStore(desk.api.pool());
        long id = Long.parseLong(price);
        var patch = GroupPatch.of(RESOLVED);
        ApiServer.await(triage.lock(connection, id, patch.resolves()));
        ApiServer.await(triage.apply(connection, id, patch, "ana"));
        var storing = CompletableFuture.runAsync(
                () -> desk.store(List.of(desk.record("orders-dlt", "shop.PriceException", "no price"))));
        Eventually.until(SOON, () -> storing.isDone() || somebodyWaits());
        ApiServer.await(transaction.commit());
        ApiServer.await(connection.close());
        storing.get();
        assertThat(desk.letters(price)).isEqualTo(2);
        assertThat(desk.get(price).getString("state")).isEqualTo("regressed");
    }

    @Test
    @DisplayName("Whoever resolves a group waits for the letters that are on their way; whoever assigns it does not")
    void isResolvedBehindTheLettersThatAreOnTheirWay() throws Exception {
        var connection = ApiServer.await(desk.api.pool().getConnection());
        var transaction = ApiServer.await(connection.begin());
        // As whoever stores letters holds it.
        ApiServer.await(connection
                .query("SELECT id FROM failure_group WHERE id = " + price + " FOR KEY SHARE")
                .execute());
        desk.patch(price, new JsonObject().put("assignee", "ana"));
        var resolving = desk.api.ask(
                HttpMethod.PATCH,
                GroupDesk.GROUPS + "/" + price,
                RESOLVED.toBuffer(),
                "Content-Type",
                "application/json",
                "If-Match",
                "*");
        Eventually.until(SOON, this::somebodyWaits);
        ApiServer.await(transaction.commit());
        ApiServer.await(connection.close());
        assertThat(ApiServer.await(resolving).statusCode()).isEqualTo(200);
        assertThat(desk.get(price).getString("state")).isEqualTo("resolved");
    }
}
