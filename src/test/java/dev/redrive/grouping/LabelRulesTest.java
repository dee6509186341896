package dev.redrive.grouping;

import static org.assertj.core.api.Assertions.assertThat;

import dev.redrive.http.ApiServer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that name failure groups. */
class LabelRulesTest {

    private static final String PATH = "/api/v1/settings/labels";

    private GroupDesk desk;
    private String price;
    private String stock;

    @BeforeEach
    void store() throws Exception {
        desk = new GroupDesk();
        price = desk.letters("shop.PriceException", "no price");
        stock = desk.letters("shop.StockException", "no stock");
    }

    @AfterEach
    void close() throws Exception {
        desk.close();
    }

    /** @param rules filter and label by turns */
    private static JsonObject list(String... rules) {
        var list = new JsonArray();
        for (int i = 0; i < rules.length; i += 2) {
            list.add(new JsonObject().put("q", rules[i]).put("label", rules[i + 1]));
        }
        return new JsonObject().put("rules", list);
    }

    private HttpResponse<Buffer> put(JsonObject rules, String etag) throws Exception {
        return desk.api.send(
                HttpMethod.PUT, PATH, rules.toBuffer(), "Content-Type", "application/json", "If-Match", etag);
    }

    private void put(String... rules) throws Exception {
        var answer = put(list(rules), desk.api.get(PATH).getHeader("ETag"));
        assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
        assertThat(answer.bodyAsJsonObject().getJsonArray("rules"))
                .isEqualTo(list(rules).getJsonArray("rules"));
    }

    private String label(String group) throws Exception {
        return desk.get(group).getString("label");
    }

    @Test
    @DisplayName(
            "The first rule that fits names a group, at once and as it comes up, and no rule renames what somebody named")
    void namesByTheFirstRuleThatFits() throws Exception {
        put("class:PriceException", "Prices", "topic:orders-dlt", "Orders");
        assertThat(label(price)).isEqualTo("Prices");
        assertThat(label(stock)).isEqualTo("Orders");
        assertThat(label(desk.letters("shop.BankException", "no money"))).isEqualTo("Orders");
        assertThat(desk.listed("label:Orders")).hasSize(2);
        desk.patch(stock, new JsonObject().put("label", "Ours"));
        put("error:\"no stock\"", "Stock", "class:PriceException", "Prices, all of them");
        assertThat(label(stock)).isEqualTo("Ours");
        assertThat(label(price)).isEqualTo("Prices, all of them");
        assertThat(desk.listed("has:label")).hasSize(2);
        desk.patch(stock, new JsonObject().putNull("label"));
        assertThat(label(stock)).isEqualTo("Stock");
        put();
        assertThat(desk.listed("has:label")).isEmpty();
        assertThat(desk.api.json("/api/v1/audit?object=" + PATH).getJsonArray("items"))
                .hasSize(3);
    }

    @Test
    @DisplayName("A preview counts what each rule would name, and writes nothing")
    void previews() throws Exception {
        desk.letters("shop.BankException", "no money");
        desk.patch(price, new JsonObject().put("label", "Ours"));
        var rules =
                list("class:Price*", "Prices", "class:StockException", "Stock", "origin:orders -error:money", "Rest");
        var preview = desk.api.post(PATH + "/previews", rules).bodyAsJsonObject();
        assertThat(preview.encode())
                .isEqualTo("{\"items\":[{\"groups\":0},{\"groups\":1},{\"groups\":0}],\"unnamed\":1,\"written\":1}");
        assertThat(desk.api.json(PATH).getJsonArray("rules")).isEmpty();
    }

    @Test
    @DisplayName("A rule that cannot be read any more holds up neither letters nor the other rules")
    void passesOverWhatCannotBeRead() throws Exception {
        put("class:BankException", "Bank");
        desk.sql("INSERT INTO label_rule (position, q, label, author) VALUES (0, 'clas:(((', 'Broken', 'x')");
        assertThat(label(desk.letters("shop.BankException", "no money"))).isEqualTo("Bank");
    }

    @Test
    @DisplayName("A group that comes up while the rules are written is named by the new ones")
    void waitsForTheRules() throws Exception {
        var connection = ApiServer.await(desk.api.pool().getConnection());
        var transaction = ApiServer.await(connection.begin());
        ApiServer.await(LabelRuleStore.hold(connection));
        var storing = CompletableFuture.supplyAsync(() -> {
            desk.store(List.of(desk.record("orders-dlt", "shop.BankException", "no money")));
            return true;
        });
        ApiServer.await(LabelRuleStore.write(connection, List.of(new LabelRule("class:Bank*", "Bank")), "ana"));
        ApiServer.await(transaction.commit());
        ApiServer.await(connection.close());
        assertThat(storing.get()).isTrue();
        assertThat(label(desk.group("shop.BankException"))).isEqualTo("Bank");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status:open",
                "label:x",
                "is:new",
                "assignee:ana",
                "ts:<2h",
                "group:1",
                "payload.a:1",
                "clas:x",
                " ",
                "a\u0000b"
            })
    void refusesRulesThatSayNothingLasting(String q) throws Exception {
        var refused = put(list("class:x", "fine", q, "not"), "\"v0\"");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.bodyAsJsonObject()
                        .getJsonArray("errors")
                        .getJsonObject(0)
                        .getString("pointer"))
                .isEqualTo("/rules/1/q");
        assertThat(desk.api
                        .post(PATH + "/previews", list("class:x", "fine", q, "not"))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    @DisplayName("Refuses what the caller did not see, too many rules and labels that are none")
    void refusesWhatMakesNoSense() throws Exception {
        assertThat(put(list(), "\"v1\"").statusCode()).isEqualTo(412);
        assertThat(put(list("class:x", "\n"), "\"v0\"").statusCode()).isEqualTo(400);
        assertThat(put(list("class:x", "x".repeat(101)), "\"v0\"").statusCode()).isEqualTo(400);
        var many = new String[402];
        Arrays.fill(many, "class:x");
        assertThat(put(list(many), "\"v0\"").statusCode()).isEqualTo(400);
        var most = new String[400];
        Arrays.fill(most, "class:PriceException,A,B,C");
        put(most);
        assertThat(label(price)).isEqualTo("class:PriceException,A,B,C");
    }
}
